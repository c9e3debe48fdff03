namespace HyperSearch.Messaging;

/// <summary>The answer to every heartbeat; alone it suffices for pause, cancel, drain, zombies and deleted studies.</summary>
public sealed record HeartbeatAnswer
{
    /// <summary>Which life of the worker is meant.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>The database's time; the next heartbeat repeats it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The listed attempts that may not go on, and how they end.</summary>
    public required IReadOnlyList<StopTrial> Stops { get; init; }

    /// <summary>The listed ended attempts whose end has been applied; they need not be listed any more.</summary>
    public IReadOnlyList<AttemptReference> Settled { get; init; } = [];

    /// <summary>Whether the worker is drained by an operator or a rule: it is offered nothing more, and goes on running.</summary>
    public bool Drain { get; init; }
}
