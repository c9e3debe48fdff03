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
    private readonly Lock _lock = new();

    // Where each number found its cell: at most N entries, and only in spaces with equal cells.
    private readonly List<uint> _positions = [];

    public PermutedCells(CellSpace space, long seed)
    {
        _space = space;
        _order = new(StableMix.Hash(seed, "random_cells", 0), space.Cells!.Value);
    }

    /// <summary>The configuration of a number below the count of distinct cells.</summary>
    public ParameterSet At(int number) => _space.At(_order.At(_space.Cells == _space.Distinct ? number : Position(number)));

    private uint Position(int number)
    {
        lock (_lock)
        {
            while (_positions.Count <= number)
            {
                uint next = _positions.Count == 0 ? 0 : _positions[^1] + 1;
                while (!_space.IsFirst(_order.At(next)))
                {
                    next++;
                }

                _positions.Add(next);
            }

            return _positions[number];
        }
    }
}
