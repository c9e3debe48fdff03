using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>The axis that each sampler makes of a domain.</summary>
internal static class ParameterAxes
{
    /// <summary>Ranges with fewer numbers of 12 digits than this are finite, so that redraws always end: no study has as many trials.</summary>
    private const double FewDecimals = 1_000_000;

    // No integer range has more than 10,001 points, so a finer grid on it cannot add any.
    private const int FinestIntegers = 1_000_000;

    /// <summary>The points of a grid. A float range must have a count or a step.</summary>
    public static ParameterAxis OfGrid(ParameterDomain domain) => domain switch
    {
        ParameterDomain.Listed list => new ParameterAxis.Listed(list.Hyperparameter, list.Values),
        ParameterDomain.Ranged { Count: { } count } range => new ParameterAxis.Listed(range.Hyperparameter, Points(range, count)),
        ParameterDomain.Ranged { Step: { } step } range => new ParameterAxis.Lattice(range.Hyperparameter, range.Min, range.Max, step),
        ParameterDomain.Ranged { Hyperparameter.Kind: HyperparameterKind.Whole } range =>
            new ParameterAxis.Lattice(range.Hyperparameter, range.Min, range.Max, 1),
        ParameterDomain.Ranged range => throw new ArgumentException($"{range.Hyperparameter} needs count or step for a grid.", nameof(domain)),
        _ => throw new InvalidOperationException($"Unknown domain {domain.GetType().Name}."),
    };

    /// <summary>What random draws from; a count has no meaning here.</summary>
    public static ParameterAxis OfRandom(ParameterDomain domain) => domain switch
    {
        ParameterDomain.Listed list => new ParameterAxis.Listed(list.Hyperparameter, list.Values),
        ParameterDomain.Ranged range when range.Min == range.Max => new ParameterAxis.Listed(range.Hyperparameter, [range.Min]),
        ParameterDomain.Ranged { Step: { } step } range => new ParameterAxis.Lattice(range.Hyperparameter, range.Min, range.Max, step),
        ParameterDomain.Ranged { Hyperparameter.Kind: HyperparameterKind.Whole } range => range.Log
            ? new ParameterAxis.LogIntegers(range.Hyperparameter, range.Min, range.Max)
            : new ParameterAxis.Lattice(range.Hyperparameter, range.Min, range.Max, 1),
        ParameterDomain.Ranged range when (range.Max - range.Min) / TwelveDigits.Spacing(range.Max) < FewDecimals =>
            new ParameterAxis.Decimals(range.Hyperparameter, range.Min, range.Max),
        ParameterDomain.Ranged range => new ParameterAxis.Continuous(range.Hyperparameter, range.Min, range.Max, range.Log),
        _ => throw new InvalidOperationException($"Unknown domain {domain.GetType().Name}."),
    };

    /// <summary>Cells that a domain adds to a grid, without building them: an upper bound where points coincide.</summary>
    public static long GridCells(ParameterDomain domain) =>
        domain is ParameterDomain.Ranged { Hyperparameter.Kind: HyperparameterKind.Real, Count: { } count } ? count : OfGrid(domain).Count!.Value;

    private static ImmutableArray<double> Points(ParameterDomain.Ranged range, int count)
    {
        bool whole = range.Hyperparameter.Kind == HyperparameterKind.Whole;
        int points = whole ? Math.Min(count, FinestIntegers) : count;
        ImmutableArray<double>.Builder values = ImmutableArray.CreateBuilder<double>();
        for (int i = 0; i < points; i++)
        {
            double value = Point(range, points == 1 ? 0.5 : (double)i / (points - 1));
            value = whole ? Math.Round(value, MidpointRounding.AwayFromZero) : TwelveDigits.Round(value, range.Min, range.Max);
            // Ascending, so equal points are neighbours.
            if (values.Count == 0 || values[^1] != value)
            {
                values.Add(value);
            }
        }

        return values.ToImmutable();
    }

    private static double Point(ParameterDomain.Ranged range, double share) => share switch
    {
        0 => range.Min,
        1 => range.Max,
        _ when range.Log => Math.Exp(Math.Log(range.Min) + share * (Math.Log(range.Max) - Math.Log(range.Min))),
        _ => range.Min + share * (range.Max - range.Min),
    };
}
