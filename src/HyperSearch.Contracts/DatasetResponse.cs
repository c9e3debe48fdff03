namespace HyperSearch.Contracts;

/// <summary>A dataset that a request may name.</summary>
public sealed record DatasetResponse
{
    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary><c>idx</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Number of classes; null where it is not known.</summary>
    public required int? Classes { get; init; }
}
