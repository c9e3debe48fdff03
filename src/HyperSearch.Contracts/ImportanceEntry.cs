namespace HyperSearch.Contracts;

/// <summary>The importance of one searched parameter.</summary>
public sealed record ImportanceEntry
{
    /// <summary>The hyperparameter.</summary>
    public required string Parameter { get; init; }

    /// <summary>Its share, 0 to 1.</summary>
    public required double Importance { get; init; }
}
