namespace HyperSearch.Training;

/// <summary>Derives the seed of each generator from (training seed, purpose, epoch): a resumed epoch draws what the uncut one drew.</summary>
internal static class Seeds
{
    /// <summary>The seed of a purpose in an epoch.</summary>
    /// <param name="seed">Training seed, or a dataset's.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="epoch">0-based epoch, or another index, such as a class.</param>
    public static ulong Derive(ulong seed, SeedPurpose purpose, int epoch = 0) =>
        SeededGenerator.Mix(SeededGenerator.Mix(seed + 0x9E3779B97F4A7C15) ^ ((ulong)purpose << 32) ^ (uint)epoch);

    /// <summary>A generator for a purpose in an epoch.</summary>
    public static SeededGenerator Generator(ulong seed, SeedPurpose purpose, int epoch = 0) => new(Derive(seed, purpose, epoch));
}
