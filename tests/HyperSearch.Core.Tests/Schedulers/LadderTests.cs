using CsCheck;
using HyperSearch.Core.Schedulers;

namespace HyperSearch.Core.Tests.Schedulers;

public sealed class LadderTests
{
    [Theory]
    [InlineData(1, 27, 3, "1 3 9 27")]
    [InlineData(1, 26, 3, "1 3 9 26")]
    [InlineData(1, 10, 3, "1 3 10")]
    [InlineData(1, 8, 3, "1 3 8")]
    [InlineData(2, 9, 3, "2 9")]
    [InlineData(3, 3, 3, "3")]
    [InlineData(1, 2, 3, "1 2")]
    [InlineData(1, 1000, 10, "1 10 100 1000")]
    [InlineData(1, 243, 3, "1 3 9 27 81 243")]
    [InlineData(1, 9, 3, "1 3 9")]
    [InlineData(1, 1, 2, "1")]
    [InlineData(1, 10_000, 2, "1 2 4 8 16 32 64 128 256 512 1024 2048 4096 10000")]
    [InlineData(int.MaxValue / 2, int.MaxValue, 16, "2147483647")]
    public void Create_Ladder_FollowsTheIntegerRule(int r, int most, int eta, string expected)
    {
        Ladder ladder = Ladder.Create(r, most, eta);
        string.Join(' ', ladder.Epochs).ShouldBe(expected);
        ladder.Count.ShouldBe(ladder.Epochs.Length);
    }

    [Theory]
    [InlineData(1, 27, 3, 27, "27 9 3 1")]
    [InlineData(1, 27, 3, 10, "10 3 1 1")]
    [InlineData(1, 9, 3, 27, "27 9 3")]
    [InlineData(1, 27, 3, 1, "1 1 1 1")]
    public void Trials_EveryRung_KeepsAtLeastOne(int r, int most, int eta, int trials, string expected) =>
        string.Join(' ', Ladder.Create(r, most, eta).Trials(trials, eta)).ShouldBe(expected);

    [Fact]
    public void Create_AnyLadder_RisesToTheTop() => Gen.Select(Gen.Int[1, 10_000], Gen.Int[1, 10_000], Gen.Int[2, 16]).Sample((a, b, eta) =>
    {
        (int r, int most) = (Math.Min(a, b), Math.Max(a, b));
        Ladder ladder = Ladder.Create(r, most, eta);
        ladder.Epochs[^1].ShouldBe(most);
        ladder.Epochs.Zip(ladder.Epochs.Skip(1)).ShouldAllBe(p => p.First < p.Second);
        (ladder.Count == 1 || ladder.Epochs[0] == r).ShouldBeTrue();
    });

    [Theory]
    [InlineData(0, 9, 3)]
    [InlineData(10, 9, 3)]
    [InlineData(1, 9, 1)]
    public void Create_OutOfRange_Throws(int r, int most, int eta) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Ladder.Create(r, most, eta));
}
