namespace HyperSearch.Core.Schedulers;

/// <summary>A finite result in the order in which trials are compared: the smaller loss first, then the lower number.</summary>
/// <param name="Loss">The compared value, its sign turned so that smaller is better.</param>
/// <param name="Number">The trial.</param>
public readonly record struct Standing(double Loss, int Number) : IComparable<Standing>
{
    /// <inheritdoc/>
    public int CompareTo(Standing other) => Loss == other.Loss ? Number.CompareTo(other.Number) : Loss.CompareTo(other.Loss);

    /// <summary>Whether the left one stands before the right one.</summary>
    public static bool operator <(Standing left, Standing right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one stands behind the right one.</summary>
    public static bool operator >(Standing left, Standing right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not stand behind the right one.</summary>
    public static bool operator <=(Standing left, Standing right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not stand before the right one.</summary>
    public static bool operator >=(Standing left, Standing right) => left.CompareTo(right) >= 0;
}
