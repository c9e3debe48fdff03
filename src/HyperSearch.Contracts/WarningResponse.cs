namespace HyperSearch.Contracts;

/// <summary>Something valid that is worth a second look.</summary>
public sealed record WarningResponse
{
    /// <summary>Which warning it is, in snake_case.</summary>
    public required string Code { get; init; }

    /// <summary>Where: a JSON pointer into the request.</summary>
    public required string Pointer { get; init; }

    /// <summary>What will happen and how to avoid it, for people.</summary>
    public required string Detail { get; init; }
}
