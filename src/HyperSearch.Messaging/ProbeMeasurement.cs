namespace HyperSearch.Messaging;

/// <summary>How well the features after each block of a pretrained model separate the classes.</summary>
public sealed record ProbeMeasurement
{
    /// <summary>One score for each depth, from the first block to the last; empty with a reason.</summary>
    public IReadOnlyList<ProbedDepth> Depths { get; init; } = [];

    /// <summary>Training examples that were used.</summary>
    public int Examples { get; init; }

    /// <summary>Those of them that were scored, each by a classifier that was not fitted on it.</summary>
    public int HeldOut { get; init; }

    /// <summary>Why there are no scores, such as too few examples.</summary>
    public string? Missing { get; init; }
}
