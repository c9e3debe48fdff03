namespace HyperSearch.Messaging;

/// <summary>Renews the one lease of a worker process and lists what it holds.</summary>
public sealed record WorkerHeartbeat
{
    /// <summary>One life of the worker process.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>What the worker is.</summary>
    public required WorkerRegistration Registration { get; init; }

    /// <summary>Rises by one with every heartbeat of the incarnation.</summary>
    public required long Sequence { get; init; }

    /// <summary>The database's time in the last answer received; null before the first.</summary>
    public DateTimeOffset? LastAnswer { get; init; }

    /// <summary>The attempts on its slots, including those whose end event is not yet confirmed by the broker.</summary>
    public required IReadOnlyList<AttemptReference> Held { get; init; }

    /// <summary>
    /// Attempts that are over and whose end event the broker has, until an answer says that they are settled: a backlog of
    /// events must not look like an attempt that was never received.
    /// </summary>
    public IReadOnlyList<AttemptReference> Ended { get; init; } = [];

    /// <summary>Whether it is shutting down: it takes nothing more.</summary>
    public bool Draining { get; init; }

    /// <summary>Whether it ends now and holds nothing: the last heartbeat of an orderly shutdown.</summary>
    public bool Leaving { get; init; }
}
