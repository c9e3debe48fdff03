namespace HyperSearch.Contracts;

/// <summary>The epochs of one trial, thinned where there are too many; first, best and last are always there.</summary>
public sealed record ReportsResponse
{
    /// <summary>The epochs, ascending.</summary>
    public required IReadOnlyList<ReportResponse> Items { get; init; }

    /// <summary>Always null: the answer is never cut.</summary>
    public required string? NextCursor { get; init; }

    /// <summary>Epochs that are stored.</summary>
    public required int Total { get; init; }
}
