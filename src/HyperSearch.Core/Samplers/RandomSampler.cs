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
    private readonly Func<int, ParameterSet> _at;

    /// <summary>Random configurations of a space.</summary>
    /// <param name="space">The space; counts of its ranges have no meaning.</param>
    /// <param name="seed">The study's seed.</param>
    public RandomSampler(SearchSpace space, long seed)
    {
        CellSpace cells = CellSpace.OfRandom(space);
        Count = cells.Distinct;
        bool permuted = cells.Cells <= PermutedCells.MostCells && cells.Axes.All(a => a.Uniform);
        _at = permuted ? new PermutedCells(cells, seed).At : new DrawnConfigurations(cells, seed).At;
    }

    /// <summary>Distinct configurations; null in a continuum, <see cref="long.MaxValue"/> when there are more.</summary>
    public long? Count { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A negative number, or one that is not below <see cref="Count"/>.</exception>
    public Proposal Propose(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count ?? long.MaxValue);
        return new(_at(number), null);
    }
}
