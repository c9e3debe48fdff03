namespace HyperSearch.Contracts;

/// <summary>One worker of a pool.</summary>
public sealed record WorkerCapacity
{
    /// <summary>Its incarnation.</summary>
    public required string Id { get; init; }

    /// <summary>Trials it runs at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary>Slots that are taken.</summary>
    public required int Busy { get; init; }

    /// <summary><c>active draining drained</c>.</summary>
    public required string State { get; init; }

    /// <summary>Since when none of its slots is taken; null while one is.</summary>
    public required DateTimeOffset? IdleSince { get; init; }
}
