using System.Collections.Immutable;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Leaderboards;

/// <summary>The training seeds of a confirmation.</summary>
public static class ConfirmationSeeds
{
    /// <summary>
    /// Distinct seeds from 0 to 2^53 - 1, other than the study's, the same for all candidates: the upper 53 bits of
    /// <see cref="StableMix.Hash"/> of (study's seed, "confirm", i), with the next draw where that seed is taken.
    /// </summary>
    /// <param name="studySeed">The study's seed.</param>
    /// <param name="count">m: how many; a smaller m gives the first of them.</param>
    public static ImmutableArray<long> Of(long studySeed, int count)
    {
        List<long> seeds = [studySeed];
        for (int i = 0; i < count; i++)
        {
            seeds.Add(Fresh(studySeed, i, seeds));
        }

        return [.. seeds.Skip(1)];
    }

    private static long Fresh(long studySeed, int index, List<long> taken)
    {
        long draw = 0;
        long seed;
        do
        {
            seed = (long)(StableMix.Hash(studySeed, "confirm", index, draw++) >> 11);
        }
        while (taken.Contains(seed));
        return seed;
    }
}
