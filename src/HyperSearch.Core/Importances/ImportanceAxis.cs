using System.Collections.Immutable;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Importances;

/// <summary>The cells into which the values of one domain are counted.</summary>
internal abstract record ImportanceAxis
{
    /// <summary>Cells of a range, unless it has fewer points.</summary>
    private const int MostCells = 100;

    /// <summary>How many cells there are.</summary>
    public abstract int Cells { get; }

    /// <summary>The cell of a value.</summary>
    public abstract int CellOf(double value);

    /// <summary>The axis of a domain, by what random draws from it: points of ranges lie in the middle of their part of the scale.</summary>
    public static ImportanceAxis Of(ParameterDomain domain) => ParameterAxes.OfRandom(domain) switch
    {
        ParameterAxis.Listed list => new Categories(list.Values),
        ParameterAxis.Lattice lattice => new Scale(
            lattice.Min - (lattice.Step / 2),
            lattice.Min + ((lattice.Count!.Value - 0.5) * lattice.Step),
            false,
            (int)Math.Min(lattice.Count.Value, MostCells)),
        ParameterAxis.LogIntegers integers => new Scale(Math.Log(integers.Min - 0.5), Math.Log(integers.Max + 0.5), true, MostCells),
        ParameterAxis.Decimals decimals => new Scale(decimals.Min, decimals.Max, false, MostCells),
        ParameterAxis.Continuous { Log: true } range => new Scale(Math.Log(range.Min), Math.Log(range.Max), true, MostCells),
        ParameterAxis.Continuous range => new Scale(range.Min, range.Max, false, MostCells),
        var axis => throw new InvalidOperationException($"Unknown axis {axis.GetType().Name}."),
    };

    /// <summary>A cell for each value, without an order; one more for values that an enqueued trial brought from outside the list.</summary>
    public sealed record Categories(ImmutableArray<double> Values) : ImportanceAxis
    {
        public override int Cells => Values.Length + 1;

        public override int CellOf(double value) => Values.IndexOf(value) is int index and >= 0 ? index : Values.Length;
    }

    /// <summary>Cells of equal width from one end to the other; a value from outside counts at the nearer end.</summary>
    public sealed record Scale(double Low, double High, bool Log, int Count) : ImportanceAxis
    {
        public override int Cells => Count;

        public override int CellOf(double value) =>
            (int)Math.Clamp(((Log ? Math.Log(value) : value) - Low) / (High - Low) * Count, 0, Count - 1);
    }
}
