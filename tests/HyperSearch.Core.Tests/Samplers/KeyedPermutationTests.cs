using CsCheck;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class KeyedPermutationTests
{
    [Fact]
    public void At_KnownKey_IsFrozen()
    {
        KeyedPermutation order = new(42, 1L << 31);
        Enumerable.Range(0, 5).Select(i => order.At(i)).ShouldBe(Golden.PermutedFive);
    }

    [Fact]
    public void At_AnySize_IsABijection() => Gen.Select(Gen.ULong, Gen.Int[1, 2_000]).Sample((key, size) =>
    {
        KeyedPermutation order = new(key, size);
        Enumerable.Range(0, size).Select(i => order.At(i)).Order().ShouldBe(Enumerable.Range(0, size).Select(i => (long)i));
    }, iter: 50);

    [Fact]
    public void At_ManyKeys_GivesEveryOrderOfFourEquallyOften()
    {
        Dictionary<string, int> counts = [];
        for (ulong key = 0; key < 12_000; key++)
        {
            KeyedPermutation order = new(key, 4);
            string text = string.Join(' ', Enumerable.Range(0, 4).Select(i => order.At(i)));
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }

        counts.Count.ShouldBe(24);
        counts.Values.ShouldAllBe(n => n > 380 && n < 620);
    }

    [Fact]
    public void At_OutsideTheSize_Throws()
    {
        KeyedPermutation order = new(1, 5);
        Should.Throw<ArgumentOutOfRangeException>(() => order.At(5));
        Should.Throw<ArgumentOutOfRangeException>(() => order.At(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => new KeyedPermutation(1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new KeyedPermutation(1, (1L << 31) + 1));
    }
}
