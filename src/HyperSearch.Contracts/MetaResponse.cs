namespace HyperSearch.Contracts;

/// <summary>What this service is and can do.</summary>
public sealed record MetaResponse
{
    /// <summary>Version of the service.</summary>
    public required string Version { get; init; }

    /// <summary>Version of this interface.</summary>
    public required string Api { get; init; }

    /// <summary>What it takes at most.</summary>
    public required MetaLimits Limits { get; init; }

    /// <summary>Search algorithms that requests may name.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>What this version can do; clients look here before they use something newer than version 1.</summary>
    public required IReadOnlyList<string> Features { get; init; }
}
