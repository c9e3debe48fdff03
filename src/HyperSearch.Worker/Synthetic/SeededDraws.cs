namespace HyperSearch.Worker.Synthetic;

/// <summary>
/// Numbers that depend on their key alone, so that a trial that is cut draws what the uncut one draws. SplitMix64
/// (Steele, Lea, Flood 2014) as the mixing function.
/// </summary>
internal static class SeededDraws
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Even in [0, 1).</summary>
    public static double Uniform(params ReadOnlySpan<long> key) => (Mix(key) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal (Box, Muller 1958).</summary>
    public static double Normal(params ReadOnlySpan<long> key)
    {
        ulong bits = Mix(key);
        double radius = ((bits >> 11) + 1) * (1.0 / (1UL << 53));
        double angle = (Next(bits + Golden) >> 11) * (1.0 / (1UL << 53));
        return Math.Sqrt(-2 * Math.Log(radius)) * Math.Cos(2 * Math.PI * angle);
    }

    private static ulong Mix(ReadOnlySpan<long> key)
    {
        ulong state = 0;
        foreach (long part in key)
        {
            state = Next((state ^ (ulong)part) + Golden);
        }

        return state;
    }

    private static ulong Next(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
