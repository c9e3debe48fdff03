namespace HyperSearch.Contracts;

/// <summary>One thing that the service needs.</summary>
public sealed record HealthCheck
{
    /// <summary><c>database</c>, <c>migrations</c> or <c>broker</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>ok</c> or <c>unavailable</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is not there; null when it is.</summary>
    public required string? Reason { get; init; }
}
