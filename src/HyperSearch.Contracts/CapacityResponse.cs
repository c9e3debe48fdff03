namespace HyperSearch.Contracts;

/// <summary>Slots and work of every pool, for autoscalers and schedulers.</summary>
public sealed record CapacityResponse
{
    /// <summary>The pools that have workers or open studies, by name.</summary>
    public required IReadOnlyList<PoolCapacity> Pools { get; init; }
}
