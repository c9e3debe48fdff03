namespace HyperSearch.Training;

/// <summary>A model's value on the test split.</summary>
public sealed record EvaluationResult
{
    /// <summary>The metric; null when it is missing or not finite.</summary>
    public double? Value { get; init; }

    /// <summary>Scored examples; 0 when there is no value.</summary>
    public int Examples { get; init; }

    /// <summary>Standard error over the drawing of test examples: closed form for loss, accuracy and balanced accuracy, a seeded bootstrap else.</summary>
    public double? StandardError { get; init; }

    /// <summary>Why there is no value: <c>dataset has no test split</c>, <c>test split is unlabelled</c>, or a sentence; null with a value.</summary>
    public string? Missing { get; init; }
}
