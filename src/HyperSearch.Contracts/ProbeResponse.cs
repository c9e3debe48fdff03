namespace HyperSearch.Contracts;

/// <summary>
/// How well the features after each block of the pretrained model separate the classes: a linear classifier is fitted on some
/// training examples and scored on others, for each depth by itself, until every one has been scored once.
/// </summary>
public sealed record ProbeResponse
{
    /// <summary><c>balanced_accuracy</c>, on the training examples that were held out.</summary>
    public required string Metric { get; init; }

    /// <summary>One score for each depth, from the first block to the last. They compare depths; a trial usually reaches more.</summary>
    public required IReadOnlyList<ProbeScoreResponse> Scores { get; init; }

    /// <summary>The smallest depth whose score is within one standard error of the best: from here on the classes are separated.</summary>
    public required int SeparatesAt { get; init; }

    /// <summary>How many blocks are worth freezing: up to the deepest depth within one standard error of the best. The more alike source and target are, the more that is.</summary>
    public required ProposedRange ProposedFrozenBlocks { get; init; }

    /// <summary>Training examples that were used, at most 2,000.</summary>
    public required int Examples { get; init; }

    /// <summary>Those of them that were scored, each by a classifier that was not fitted on it.</summary>
    public required int HeldOut { get; init; }
}
