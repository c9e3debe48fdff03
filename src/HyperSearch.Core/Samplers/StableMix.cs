using System.Text;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// The one source of chance of a search: a fixed 64-bit hash of (seed, name, number, draw), the same on every machine and
/// in every version; golden tests freeze it.
/// </summary>
/// <remarks>
/// mix(x): x ^= x >> 30; x *= 0xBF58476D1CE4E5B9; x ^= x >> 27; x *= 0x94D049BB133111EB; x ^= x >> 31 (the finaliser of
/// SplitMix64; Steele, Lea and Flood, 2014). fold(h, w) = mix((h ^ w) + 0x9E3779B97F4A7C15), modulo 2^64. The hash is
/// fold(fold(fold(fold(0, seed), fnv(name)), number), draw), where fnv is 64-bit FNV-1a over the name's UTF-8 bytes.
/// </remarks>
public static class StableMix
{
    /// <summary>The hash of one draw.</summary>
    /// <param name="seed">The study's seed.</param>
    /// <param name="name">What is drawn, such as the name of a parameter.</param>
    /// <param name="number">The trial's number.</param>
    /// <param name="draw">0 for the first draw, then 1, 2, ... for redraws.</param>
    public static ulong Hash(long seed, string name, long number, long draw = 0) =>
        Fold(Fold(Fold(Fold(0, (ulong)seed), Fnv(name)), (ulong)number), (ulong)draw);

    /// <summary>The upper 53 bits as a number in [0, 1).</summary>
    /// <param name="hash">A hash.</param>
    public static double Unit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to count - 1: the upper 64 bits of hash * count.</summary>
    /// <param name="hash">A hash.</param>
    /// <param name="count">How many numbers there are, at least 1.</param>
    public static long Below(ulong hash, long count) => (long)Math.BigMul(hash, (ulong)count, out _);

    /// <summary>A hash with one more word in it.</summary>
    /// <param name="hash">The hash so far; 0 at the start.</param>
    /// <param name="word">The next 64 bits.</param>
    public static ulong Fold(ulong hash, ulong word) => Mix(unchecked((hash ^ word) + 0x9E3779B97F4A7C15));

    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }

    private static ulong Fnv(string name)
    {
        const int Short = 64;
        int length = Encoding.UTF8.GetMaxByteCount(name.Length);
        Span<byte> bytes = length <= Short ? stackalloc byte[Short] : new byte[length];
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in bytes[..Encoding.UTF8.GetBytes(name, bytes)])
        {
            hash = unchecked((hash ^ b) * 0x100000001B3);
        }

        return hash;
    }
}
