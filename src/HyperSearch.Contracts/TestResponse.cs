namespace HyperSearch.Contracts;

/// <summary>Winner and baseline on the test split, which no search has seen.</summary>
public sealed record TestResponse
{
    /// <summary>The objective's metric, on the test split.</summary>
    public required string Metric { get; init; }

    /// <summary>The winner's value.</summary>
    public required double Value { get; init; }

    /// <summary>The baseline's value.</summary>
    public required double? BaselineValue { get; init; }

    /// <summary>Test examples.</summary>
    public required int? Examples { get; init; }

    /// <summary>Standard error of the winner's value.</summary>
    public required double? StandardError { get; init; }
}
