using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>The distinct cells of a finite space in a permuted order: the permutation of 0, 1, 2, ..., past every cell that is not the first of its equals.</summary>
internal sealed class PermutedCells
{
    /// <summary>Larger spaces are drawn instead.</summary>
    public const long MostCells = 1L << 31;

    private readonly CellSpace _space;
    private readonly KeyedPermutation _order;
    private readonly CellSequence _sequence;

    public PermutedCells(CellSpace space, long seed)
    {
        _space = space;
        _order = new(StableMix.Hash(seed, "random_cells", 0), space.Cells!.Value);
        _sequence = new(space.Cells.Value, space.Cells == space.Distinct, place => space.IsFirst(_order.At(place)) ? space.At(_order.At(place)) : null);
    }

    /// <summary>The configuration of a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Every configuration is used.</exception>
    public ParameterSet At(int number, TrialHistory history) => _space.At(_order.At(_sequence.PlaceOf(number, history)));
}
