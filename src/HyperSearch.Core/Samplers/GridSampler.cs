using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Every cell once: the odometer over the declared order, the last parameter fastest, without the cells that equal an
/// earlier one after normalisation; numbered from 0 and, if asked for, taken in an order that the seed permutes.
/// </summary>
public sealed class GridSampler : ISampler
{
    /// <summary>Cells that a grid may have.</summary>
    public const int MostCells = 100_000;

    private readonly CellSpace _space;
    private readonly ImmutableArray<int> _cells;
    private readonly KeyedPermutation? _order;
    private readonly CellSequence _sequence;

    /// <summary>A grid over a space in which every float range has a count or a step.</summary>
    /// <param name="space">The space.</param>
    /// <param name="shuffled">Whether the seed permutes the cells.</param>
    /// <param name="seed">The study's seed; without meaning in declared order.</param>
    /// <exception cref="ArgumentException">More than <see cref="MostCells"/> cells, or a float range without points.</exception>
    public GridSampler(SearchSpace space, bool shuffled, long seed)
    {
        _space = CellSpace.OfGrid(space);
        if (_space.Cells is not <= MostCells)
        {
            throw new ArgumentException($"A grid has at most {MostCells:N0} cells.", nameof(space));
        }

        _cells = [.. Enumerable.Range(0, (int)_space.Cells).Where(c => _space.IsFirst(c))];
        _order = shuffled ? new(StableMix.Hash(seed, "grid_order", 0), _cells.Length) : null;
        _sequence = new(_cells.Length, distinct: true, place => _space.At(_cells[CellAt(place)]));
    }

    /// <summary>Distinct cells.</summary>
    public int Count => _cells.Length;

    /// <inheritdoc/>
    public bool Learns => false;

    /// <inheritdoc/>
    public Proposal Propose(int number, TrialHistory history)
    {
        history.RequireSampled(number);
        int cell = CellAt(_sequence.PlaceOf(number, history));
        return new(_space.At(_cells[cell]), cell);
    }

    /// <inheritdoc/>
    public bool Contains(ParameterSet parameters) => CellOf(parameters) is not null;

    /// <inheritdoc/>
    public int? CellOf(ParameterSet parameters) =>
        _space.CellOf(parameters) is { } cell && _cells.BinarySearch((int)cell) is var index and >= 0 ? index : null;

    private int CellAt(long place) => _order is null ? (int)place : (int)_order.At(place);
}
