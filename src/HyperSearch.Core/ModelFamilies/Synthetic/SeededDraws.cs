using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.ModelFamilies.Synthetic;

/// <summary>Numbers that depend on their key alone, so that a trial that is cut draws what the uncut one draws.</summary>
internal static class SeededDraws
{
    /// <summary>Even in [0, 1).</summary>
    public static double Uniform(params ReadOnlySpan<long> key) => StableMix.Unit(Hash(key));

    /// <summary>Standard normal (Box, Muller 1958).</summary>
    public static double Normal(params ReadOnlySpan<long> key)
    {
        ulong bits = Hash(key);
        double radius = ((bits >> 11) + 1) * (1.0 / (1UL << 53));
        double angle = StableMix.Unit(StableMix.Fold(0, bits));
        return Math.Sqrt(-2 * Math.Log(radius)) * Math.Cos(2 * Math.PI * angle);
    }

    private static ulong Hash(ReadOnlySpan<long> key)
    {
        ulong hash = 0;
        foreach (long part in key)
        {
            hash = StableMix.Fold(hash, (ulong)part);
        }

        return hash;
    }
}
