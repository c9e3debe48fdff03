using CsCheck;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class SobolSequenceTests
{
    // scipy.stats.qmc.Sobol(13, scramble=False), SciPy 1.10.1, which reads the same table: shares of 2^3 and of 2^14.
    public static TheoryData<uint, int, uint[]> Points => new()
    {
        { 0, 3, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { 1, 3, [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4] },
        { 2, 3, [6, 2, 2, 2, 6, 6, 2, 6, 6, 6, 6, 6, 2] },
        { 3, 3, [2, 6, 6, 6, 2, 2, 6, 2, 2, 2, 2, 2, 6] },
        { 4, 3, [3, 3, 5, 7, 3, 1, 3, 7, 7, 5, 7, 3, 3] },
        { 5, 3, [7, 7, 1, 3, 7, 5, 7, 3, 3, 1, 3, 7, 7] },
        { 6, 3, [5, 1, 7, 5, 5, 7, 1, 1, 1, 3, 1, 5, 1] },
        { 7, 3, [1, 5, 3, 1, 1, 3, 5, 5, 5, 7, 5, 1, 5] },
        { 100, 14, [6784, 4224, 12672, 11904, 14464, 12160, 384, 7808, 10368, 11392, 7552, 11136, 7808] },
        { 12_345, 14, [10501, 13327, 2627, 8631, 14557, 965, 2085, 1857, 13137, 7039, 1217, 9811, 15253] },
        { 16_383, 14, [1, 13107, 12327, 11523, 7153, 14281, 6625, 8005, 533, 10683, 13237, 12743, 1801] },
    };

    [Theory]
    [MemberData(nameof(Points))]
    public void At_KnownIndex_IsThePublishedPoint(uint index, int bits, uint[] expected) =>
        Enumerable.Range(0, SobolSequence.Dimensions).Select(d => SobolSequence.At(index, d)).ShouldBe(expected.Select(x => x << (32 - bits)));

    [Fact]
    public void Scramble_KnownPoint_IsFrozen() =>
        ((uint[])[0, 1, 1U << 31, 0xDEADBEEF]).Select(x => SobolSequence.Scramble(x, 42)).ShouldBe(Golden.Scrambled);

    [Fact]
    public void Scramble_AnyKey_KeepsTheIntervalsOfEveryDimensionFull() => Gen.ULong.Sample(key =>
    {
        for (int d = 0; d < SobolSequence.Dimensions; d++)
        {
            for (int m = 0; m <= 9; m++)
            {
                Enumerable.Range(0, 1 << m).Select(i => Interval(i, d, key, m)).Distinct().Count().ShouldBe(1 << m);
            }
        }
    }, iter: 20);

    [Fact]
    public void Scramble_AnyKeys_KeepsTheElementaryRectanglesOfTheFirstPairFull() => Gen.Select(Gen.ULong, Gen.ULong).Sample((first, second) =>
    {
        for (int m = 0; m <= 8; m++)
        {
            for (int wide = 0; wide <= m; wide++)
            {
                Enumerable.Range(0, 1 << m).Select(i => (Interval(i, 0, first, wide), Interval(i, 1, second, m - wide))).Distinct().Count().ShouldBe(1 << m);
            }
        }
    }, iter: 20);

    [Fact]
    public void Scramble_TwoPointsOfOnePrefix_StayTogetherThatLong() => Gen.Select(Gen.ULong, Gen.UInt, Gen.Int[0, 31]).Sample((key, x, bit) =>
    {
        uint other = x ^ (1U << (31 - bit));
        ulong.LeadingZeroCount(SobolSequence.Scramble(x, key) ^ SobolSequence.Scramble(other, key)).ShouldBe((ulong)bit);
    });

    [Fact]
    public void Scramble_ManyKeys_IsUniformEverywhere() =>
        Statistics.ShouldBeUniform(Enumerable.Range(0, 20_000).Select(key => StableMix.Unit(SobolSequence.Scramble(0x9E3779B9, (ulong)key))));

    private static ulong Interval(int index, int dimension, ulong key, int bits) =>
        bits == 0 ? 0 : SobolSequence.Scramble(SobolSequence.At((uint)index, dimension), key) >> (64 - bits);
}
