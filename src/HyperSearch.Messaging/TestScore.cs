namespace HyperSearch.Messaging;

/// <summary>The result of scoring a model on the test split.</summary>
public sealed record TestScore
{
    /// <summary>The metric's value; null with a reason.</summary>
    public double? Value { get; init; }

    /// <summary>Test examples.</summary>
    public int Examples { get; init; }

    /// <summary>Standard error of the value; null where unknown.</summary>
    public double? StandardError { get; init; }

    /// <summary>Why there is no value: no test split, or it is unlabelled.</summary>
    public string? Missing { get; init; }
}
