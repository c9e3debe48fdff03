using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Owen-scrambled points of the Sobol sequence: as uniform as random search, more even. A trial's point has its number; the
/// parameters take the dimensions in declared order, because the first ones are the best spread. A point whose configuration
/// a lower number has gives way to independent draws.
/// </summary>
public sealed class SobolSampler : ISampler
{
    private readonly CellSpace _cells;
    private readonly DrawnConfigurations _points;
    private readonly ulong[] _keys;

    /// <summary>Sobol points in a space.</summary>
    /// <param name="space">The space; counts of its ranges have no meaning.</param>
    /// <param name="seed">The study's seed; it chooses the scrambling.</param>
    public SobolSampler(SearchSpace space, long seed)
    {
        _cells = CellSpace.OfRandom(space);
        _keys = [.. _cells.Axes.Select((_, dimension) => StableMix.Hash(seed, "sobol", dimension))];
        _points = new(_cells, seed, Point);
    }

    /// <inheritdoc/>
    public bool Learns => false;

    /// <inheritdoc/>
    public Proposal Propose(int number, TrialHistory history)
    {
        history.RequireSampled(number);
        return new(_points.At(number, history), null);
    }

    /// <inheritdoc/>
    public bool Contains(ParameterSet parameters) => _cells.CellOf(parameters) is not null;

    private ParameterSet Point(int number) =>
        _cells.Of(d => _cells.Axes[d].Draw(SobolSequence.Scramble(SobolSequence.At((uint)number, d), _keys[d])));
}
