namespace HyperSearch.Core.Samplers;

/// <summary>
/// A permutation of 0..size-1 that is computed, not stored: a balanced Feistel network of eight rounds over an even number of
/// bits, at least eight, applied until the result is below the size (cycle-walking; Black and Rogaway, 2002).
/// </summary>
/// <remarks>Round i of a half of b bits: (left, right) becomes (right, left ^ (fold(fold(key, i), right) mod 2^b)).</remarks>
internal sealed class KeyedPermutation
{
    private const int Rounds = 8;
    private readonly ulong[] _keys = new ulong[Rounds];
    private readonly int _halfBits;
    private readonly ulong _mask;

    /// <param name="key">Chooses the permutation.</param>
    /// <param name="size">How many numbers are permuted: 1 to 2^31.</param>
    public KeyedPermutation(ulong key, long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1L << 31);
        Size = size;
        _halfBits = 4;
        while (1L << (2 * _halfBits) < size)
        {
            _halfBits++;
        }

        _mask = (1UL << _halfBits) - 1;
        for (int round = 0; round < Rounds; round++)
        {
            _keys[round] = StableMix.Fold(key, (ulong)round);
        }
    }

    /// <summary>How many numbers are permuted.</summary>
    public long Size { get; }

    /// <summary>Where an index goes.</summary>
    public long At(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        ulong x = (ulong)index;
        do
        {
            x = Once(x);
        }
        while (x >= (ulong)Size);
        return (long)x;
    }

    private ulong Once(ulong x)
    {
        ulong left = x >> _halfBits;
        ulong right = x & _mask;
        foreach (ulong key in _keys)
        {
            (left, right) = (right, left ^ (StableMix.Fold(key, right) & _mask));
        }

        return (left << _halfBits) | right;
    }
}
