namespace HyperSearch.Contracts;

/// <summary>A hyperparameter that a search space may name.</summary>
public sealed record HyperparameterResponse
{
    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary><c>float</c>, <c>int</c> or <c>choice</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What it does in training.</summary>
    public required string Meaning { get; init; }

    /// <summary>Whether it is constant unless a study searches it, and never in a default space.</summary>
    public required bool Companion { get; init; }

    /// <summary>The smallest valid number; null without a limit and for choices.</summary>
    public required double? Min { get; init; }

    /// <summary>The largest valid number; null without a limit and for choices.</summary>
    public required double? Max { get; init; }

    /// <summary>Whether <see cref="Min"/> itself is invalid.</summary>
    public required bool MinExcluded { get; init; }

    /// <summary>Whether <see cref="Max"/> itself is invalid.</summary>
    public required bool MaxExcluded { get; init; }

    /// <summary>The names of a choice; empty for numbers.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>Default and default range of every model family.</summary>
    public required IReadOnlyDictionary<string, HyperparameterDefault> Families { get; init; }
}
