using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// First the defaults; then each parameter in declared order takes its grid points while the rest stay at the defaults.
/// Configurations equal to an earlier one after normalisation are left out, so that a default among the points is not run again.
/// </summary>
public sealed class OneAtATimeSampler : ISampler
{
    private readonly ImmutableArray<ParameterSet> _cells;
    private readonly CellSequence _sequence;

    /// <summary>One parameter at a time around the defaults of a space in which every float range has a count or a step.</summary>
    /// <param name="space">The space; its constants are the defaults.</param>
    /// <exception cref="ArgumentException">A float range without points.</exception>
    public OneAtATimeSampler(SearchSpace space)
    {
        _cells = [.. Around(space).Distinct()];
        _sequence = new(_cells.Length, distinct: true, place => _cells[(int)place]);
    }

    /// <summary>Distinct configurations, the defaults included.</summary>
    public int Count => _cells.Length;

    /// <inheritdoc/>
    public bool Learns => false;

    /// <inheritdoc/>
    public Proposal Propose(int number, TrialHistory history)
    {
        history.RequireSampled(number);
        int cell = (int)_sequence.PlaceOf(number, history);
        return new(_cells[cell], cell);
    }

    /// <inheritdoc/>
    public bool Contains(ParameterSet parameters) => CellOf(parameters) is not null;

    /// <inheritdoc/>
    public int? CellOf(ParameterSet parameters) => _cells.IndexOf(parameters) is var cell and >= 0 ? cell : null;

    private static IEnumerable<ParameterSet> Around(SearchSpace space)
    {
        yield return space.Constants.Normalize();
        foreach (ParameterAxis axis in space.Domains.Select(ParameterAxes.OfGrid))
        {
            for (long i = 0; i < axis.Count; i++)
            {
                yield return space.Constants.With(axis.Hyperparameter, axis.At(i)).Normalize();
            }
        }
    }
}
