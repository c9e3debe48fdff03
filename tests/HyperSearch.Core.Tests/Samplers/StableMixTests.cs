using CsCheck;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class StableMixTests
{
    [Theory]
    [InlineData(0, "", 0, 0, 15382130053235435011UL)]
    [InlineData(42, "learning_rate", 0, 0, 1421497991578606992UL)]
    [InlineData(42, "learning_rate", 1, 0, 4026068332377189651UL)]
    [InlineData(42, "dropout", 1, 100, 1381880248996026822UL)]
    [InlineData((1L << 53) - 1, "größe", 99_999, 1, 3852324780803352376UL)]
    public void Hash_KnownInput_IsFrozen(long seed, string name, long number, long draw, ulong expected) =>
        StableMix.Hash(seed, name, number, draw).ShouldBe(expected);

    [Fact]
    public void Unit_AnyHash_IsBelowOne()
    {
        StableMix.Unit(0).ShouldBe(0);
        StableMix.Unit(ulong.MaxValue).ShouldBeLessThan(1);
        StableMix.Unit(1UL << 63).ShouldBe(0.5);
    }

    [Fact]
    public void Below_AnyHash_IsInRange() => Gen.Select(Gen.ULong, Gen.Long[1, long.MaxValue])
        .Sample((hash, count) => StableMix.Below(hash, count) is var n && n >= 0 && n < count);
}
