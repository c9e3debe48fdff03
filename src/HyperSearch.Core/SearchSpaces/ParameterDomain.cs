using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>The values that one hyperparameter may take in a study. The closed choices are the nested records.</summary>
/// <param name="Hyperparameter">Whose values these are; it decides the type.</param>
public abstract record ParameterDomain(Hyperparameter Hyperparameter)
{
    /// <summary>The smallest value; for choices the smallest index.</summary>
    public double Smallest => this switch
    {
        Listed list => list.Values.Min(),
        Ranged range => range.Min,
        _ => throw new InvalidOperationException($"Unknown domain {GetType().Name}."),
    };

    /// <summary>The largest value; for choices the largest index.</summary>
    public double Largest => this switch
    {
        Listed list => list.Values.Max(),
        Ranged range => range.Max,
        _ => throw new InvalidOperationException($"Unknown domain {GetType().Name}."),
    };

    /// <summary>A list of distinct values, in the order of the request; choices as index.</summary>
    public sealed record Listed(Hyperparameter Hyperparameter, ImmutableArray<double> Values) : ParameterDomain(Hyperparameter);

    /// <summary>A range, both ends included.</summary>
    /// <param name="Hyperparameter">Whose values these are.</param>
    /// <param name="Min">Smallest value.</param>
    /// <param name="Max">Largest value.</param>
    /// <param name="Log">Whether it is even on the logarithm; default false.</param>
    /// <param name="Step">Distance of lattice points min + i * step, or null.</param>
    /// <param name="Count">Number of grid points, or null; only the grid uses it.</param>
    public sealed record Ranged(Hyperparameter Hyperparameter, double Min, double Max, bool Log, double? Step, int? Count) : ParameterDomain(Hyperparameter);
}
