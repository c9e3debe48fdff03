namespace HyperSearch.Contracts;

/// <summary>The score of one depth.</summary>
public sealed record ProbeScoreResponse
{
    /// <summary>Blocks that the features have gone through, from 1: those that stay fixed when that many are frozen.</summary>
    public required int Blocks { get; init; }

    /// <summary>The metric's value, 0..1.</summary>
    public required double Value { get; init; }

    /// <summary>Its standard error over the drawing of held-out examples.</summary>
    public required double? StandardError { get; init; }
}
