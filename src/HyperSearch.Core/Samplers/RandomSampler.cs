using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Random search (Bergstra and Bengio, JMLR 2012) without repeats. A value is a function of the study's seed, the trial's
/// number and the parameter's name alone, so that a further parameter does not move the others. A finite space of at most
/// 2^31 equally likely cells is taken in a permuted order instead, until every configuration was there.
/// </summary>
public sealed class RandomSampler : ISampler
{
    private readonly CellSpace _cells;
    private readonly Func<int, TrialHistory, ParameterSet> _at;

    /// <summary>Random configurations of a space.</summary>
    /// <param name="space">The space; counts of its ranges have no meaning.</param>
    /// <param name="seed">The study's seed.</param>
    public RandomSampler(SearchSpace space, long seed)
    {
        _cells = CellSpace.OfRandom(space);
        bool permuted = _cells.Cells <= PermutedCells.MostCells && _cells.Axes.All(a => a.Uniform);
        _at = permuted ? new PermutedCells(_cells, seed).At : new DrawnConfigurations(_cells, seed).At;
    }

    /// <summary>Distinct configurations; null in a continuum, <see cref="long.MaxValue"/> when there are more.</summary>
    public long? Count => _cells.Distinct;

    /// <inheritdoc/>
    public bool Learns => false;

    /// <inheritdoc/>
    public Proposal Propose(int number, TrialHistory history)
    {
        history.RequireSampled(number);
        return new(_at(number, history), null);
    }

    /// <inheritdoc/>
    public bool Contains(ParameterSet parameters) => _cells.CellOf(parameters) is not null;
}
