namespace HyperSearch.Contracts;

/// <summary>Limits of the service.</summary>
public sealed record MetaLimits
{
    /// <summary>Bytes of a request's body.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>Nesting of a request's body.</summary>
    public required int BodyDepth { get; init; }

    /// <summary>Items of one page.</summary>
    public required int PageItems { get; init; }

    /// <summary>Trials of one study.</summary>
    public required int Trials { get; init; }

    /// <summary>Seconds that an idempotency key is kept.</summary>
    public required int IdempotencyKeySeconds { get; init; }
}
