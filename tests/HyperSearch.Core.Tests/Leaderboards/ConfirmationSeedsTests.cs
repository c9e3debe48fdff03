using HyperSearch.Core.Leaderboards;

namespace HyperSearch.Core.Tests.Leaderboards;

public sealed class ConfirmationSeedsTests
{
    [Fact]
    public void Of_StudySeed_IsFrozen() => ConfirmationSeeds.Of(42, 3).ShouldBe([1898258128761904, 1214146941255580, 6168863575422687]);

    [Fact]
    public void Of_AnyStudySeed_GivesDistinctFreshSeedsInRange()
    {
        for (long seed = 0; seed < 1000; seed++)
        {
            long[] seeds = [.. ConfirmationSeeds.Of(seed, 20)];

            seeds.Append(seed).Distinct().Count().ShouldBe(21);
            seeds.ShouldAllBe(s => s >= 0 && s < 1L << 53);
        }
    }

    [Fact]
    public void Of_FewerSeeds_GivesTheFirstOfThem() => ConfirmationSeeds.Of(7, 3).ShouldBe(ConfirmationSeeds.Of(7, 5).Take(3));
}
