using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudySeedTests
{
    [Fact]
    public void TrainingSeed_Shared_IsTheStudysForEveryTrial()
    {
        StudyDriver study = new(Specs.Random(4));
        study.AssignNew(5).ShouldAllBe(t => t.Seed == study.Host.Spec.Seed);
    }

    [Fact]
    public void TrainingSeed_PerTrial_IsAnotherForEveryTrialAndAlwaysTheSame()
    {
        StudySpec spec = Specs.Random(100) with { SeedPerTrial = true };
        long[] seeds = [.. new StudyDriver(spec).AssignNew(101).Select(t => t.Seed)];
        seeds.Distinct().Count().ShouldBe(101);
        seeds.ShouldAllBe(s => s >= 0 && s < 1L << 53);
        seeds.ShouldBe(Enumerable.Range(Trial.BaselineNumber, 101).Select(spec.TrainingSeed));
        seeds.Intersect(Enumerable.Range(-1, 101).Select((spec with { Seed = 8 }).TrainingSeed)).ShouldBeEmpty();
    }
}
