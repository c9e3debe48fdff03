namespace HyperSearch.Contracts;

/// <summary>Whether the service can work.</summary>
public sealed record HealthResponse
{
    /// <summary><c>ok</c> or <c>unavailable</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What was looked at.</summary>
    public required IReadOnlyList<HealthCheck> Checks { get; init; }
}
