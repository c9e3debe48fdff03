using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>
/// The cells of a space: the odometer over its axes in declared order, the last fastest. The one notion of "distinct
/// configurations" that grid, random and the size of a study share. A parameter that has no meaning anywhere in the space
/// has one point; beside values where it has none, only the first of the cells that are equal after normalisation counts.
/// </summary>
internal sealed class CellSpace
{
    private readonly ImmutableArray<ParameterAxis> _axes;
    private readonly ImmutableArray<CellGate> _gates;
    private readonly double?[] _constants;

    private CellSpace(SearchSpace space, Func<ParameterDomain, ParameterAxis> axisOf)
    {
        _axes = [.. space.Domains.Select(d => Matters(d.Hyperparameter, space) ? axisOf(d) : Single(d.Hyperparameter, space))];
        _constants = [.. HyperparameterCatalog.All.Select(h => space.Constants[h])];
        _gates = [.. Dependency.All.Select(Gate).OfType<CellGate>()];
        Cells = Product(_axes.Select(a => a.Count));
        Distinct = CountDistinct();
    }

    /// <summary>The axes in declared order.</summary>
    public ImmutableArray<ParameterAxis> Axes => _axes;

    /// <summary>All cells, equal ones counted each; null beside a continuum, <see cref="long.MaxValue"/> when there are more.</summary>
    public long? Cells { get; }

    /// <summary>Cells that differ after normalisation; null beside a continuum, <see cref="long.MaxValue"/> when there are more.</summary>
    public long? Distinct { get; }

    /// <summary>The cells of a grid.</summary>
    public static CellSpace OfGrid(SearchSpace space) => new(space, ParameterAxes.OfGrid);

    /// <summary>What random draws from.</summary>
    public static CellSpace OfRandom(SearchSpace space) => new(space, ParameterAxes.OfRandom);

    /// <summary>Whether no cell before this one is equal to it after normalisation.</summary>
    public bool IsFirst(long cell)
    {
        if (_gates.IsEmpty)
        {
            return true;
        }

        Span<long> digits = stackalloc long[_axes.Length];
        Digits(cell, digits);
        foreach (CellGate gate in _gates)
        {
            if (digits[gate.Dependent] != 0 && _axes[gate.Gate].At(digits[gate.Gate]) == gate.Off)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The normalised parameters of a cell.</summary>
    public ParameterSet At(long cell)
    {
        long[] digits = new long[_axes.Length];
        Digits(cell, digits);
        return Of(i => _axes[i].At(digits[i]));
    }

    /// <summary>The first cell of a configuration; null when the space does not have it, and always beside a continuum. Only whether there is one has a meaning in spaces of more than <see cref="long.MaxValue"/> cells.</summary>
    public long? CellOf(ParameterSet parameters)
    {
        long cell = 0;
        double?[] values = [.. _constants];
        foreach (ParameterAxis axis in _axes)
        {
            // A parameter without meaning is the first point of its axis in the first of its equal cells.
            long? digit = parameters[axis.Hyperparameter] is { } value ? axis.IndexOf(value) : 0;
            if (digit is not { } d || axis.Count is not { } count)
            {
                return null;
            }

            cell = unchecked((cell * count) + d);
            values[axis.Hyperparameter.Index] = axis.At(d);
        }

        return ParameterSet.Create(values).Normalize().Equals(parameters.Normalize()) ? cell : null;
    }

    /// <summary>Normalised parameters of one value per axis.</summary>
    /// <param name="valueOf">The value of an axis, by its index.</param>
    public ParameterSet Of(Func<int, double> valueOf)
    {
        double?[] values = [.. _constants];
        for (int i = 0; i < _axes.Length; i++)
        {
            values[_axes[i].Hyperparameter.Index] = valueOf(i);
        }

        return ParameterSet.Create(values).Normalize();
    }

    /// <summary>The point of the unit cube, one coordinate per axis; NaN where the parameters have no value or one outside the space.</summary>
    public double[] ToUnit(ParameterSet parameters)
    {
        double[] point = new double[_axes.Length];
        for (int i = 0; i < point.Length; i++)
        {
            point[i] = (parameters[_axes[i].Hyperparameter] is { } value ? _axes[i].ToUnit(value) : null) ?? double.NaN;
        }

        return point;
    }

    private static bool Matters(Hyperparameter h, SearchSpace space) =>
        Dependency.All.All(d => d.Dependent != h || d.CanMatter(space));

    private static ParameterAxis.Listed Single(Hyperparameter h, SearchSpace space) => new(h, [space.Constants[h] ?? 0]);

    private static long? Product(IEnumerable<long?> counts)
    {
        UInt128 product = 1;
        foreach (long? count in counts)
        {
            if (count is not { } n)
            {
                return null;
            }

            product = UInt128.Min(product * (UInt128)n, long.MaxValue);
        }

        return (long)product;
    }

    private CellGate? Gate(Dependency dependency)
    {
        int dependent = IndexOf(dependency.Dependent);
        int gate = IndexOf(dependency.Gate);
        return dependent >= 0 && gate >= 0 && _axes[dependent].Count != 1 ? new(dependent, gate, dependency.Off) : null;
    }

    private int IndexOf(Hyperparameter h)
    {
        for (int i = 0; i < _axes.Length; i++)
        {
            if (_axes[i].Hyperparameter == h)
            {
                return i;
            }
        }

        return -1;
    }

    private void Digits(long cell, Span<long> digits)
    {
        for (int i = _axes.Length - 1; i >= 0; i--)
        {
            (cell, digits[i]) = Math.DivRem(cell, _axes[i].Count!.Value);
        }
    }

    // A gated pair has (values of the gate that are on) * (points of the dependent) + (1 if one is off) distinct pairs.
    private long? CountDistinct()
    {
        List<long?> counts = [];
        for (int i = 0; i < _axes.Length; i++)
        {
            CellGate? asDependent = _gates.FirstOrDefault(g => g.Dependent == i);
            CellGate? asGate = _gates.FirstOrDefault(g => g.Gate == i);
            if (asDependent is null)
            {
                counts.Add(asGate is null ? _axes[i].Count : Pairs(asGate));
            }
        }

        return Product(counts);
    }

    private long? Pairs(CellGate gate)
    {
        ParameterAxis axis = _axes[gate.Gate];
        long off = 0;
        for (long i = 0; i < axis.Count; i++)
        {
            off += axis.At(i) == gate.Off ? 1 : 0;
        }

        return _axes[gate.Dependent].Count is { } points ? Saturated(axis.Count!.Value - off, points) + off : null;
    }

    private static long Saturated(long on, long points) => (long)UInt128.Min((UInt128)on * (UInt128)points, long.MaxValue - 1);
}
