using System.Collections.Immutable;

namespace HyperSearch.Core.Hyperparameters;

/// <summary>
/// One hyperparameter: its name on the wire, its type, its meaning and its valid range. All numbers are doubles;
/// a choice is the index into <see cref="Choices"/>.
/// </summary>
public sealed class Hyperparameter
{
    internal Hyperparameter(int index, string name, HyperparameterKind kind, string meaning)
    {
        Index = index;
        Name = name;
        Kind = kind;
        Meaning = meaning;
    }

    /// <summary>The place in <see cref="HyperparameterCatalog.All"/>, from 0.</summary>
    public int Index { get; }

    /// <summary>The name in requests, tables and answers, in snake_case.</summary>
    public string Name { get; }

    /// <summary>The type of the values, whatever a request writes.</summary>
    public HyperparameterKind Kind { get; }

    /// <summary>What the value does in training, in one sentence.</summary>
    public string Meaning { get; }

    /// <summary>True for the parameters beside the seven; they are constant unless a study searches them.</summary>
    public bool Companion { get; internal init; }

    /// <summary>True where a log scale is the natural one, so that a linear range earns a warning.</summary>
    public bool LogByNature { get; internal init; }

    /// <summary>The smallest valid number; excluded when <see cref="MinimumExcluded"/>.</summary>
    public double Minimum { get; internal init; } = double.NegativeInfinity;

    /// <summary>The largest valid number; excluded when <see cref="MaximumExcluded"/>. For <c>frozen_blocks</c> the family's block count replaces it.</summary>
    public double Maximum { get; internal init; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Minimum"/> itself is invalid.</summary>
    public bool MinimumExcluded { get; internal init; }

    /// <summary>Whether <see cref="Maximum"/> itself is invalid.</summary>
    public bool MaximumExcluded { get; internal init; }

    /// <summary>The names of a choice, in order; empty for numbers.</summary>
    public ImmutableArray<string> Choices { get; internal init; } = [];

    /// <summary>Whether a finite number is in the valid range and, for an integer, whole.</summary>
    /// <param name="value">The number, or the index of a choice.</param>
    /// <param name="maximum">A tighter maximum than the catalogue's, such as a family's block count.</param>
    public bool IsValid(double value, double? maximum = null)
    {
        if (!double.IsFinite(value) || (Kind != HyperparameterKind.Real && value != Math.Floor(value)))
        {
            return false;
        }

        if (Kind == HyperparameterKind.Choice)
        {
            return value >= 0 && value < Choices.Length;
        }

        double most = Math.Min(maximum ?? Maximum, Maximum);
        return (MinimumExcluded ? value > Minimum : value >= Minimum) && (MaximumExcluded ? value < most : value <= most);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
