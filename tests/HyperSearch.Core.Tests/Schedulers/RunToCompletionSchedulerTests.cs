using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Schedulers;

public sealed class RunToCompletionSchedulerTests : SchedulerSuite
{
    protected override StudyAlgorithm Create() => new() { Name = "random", Sampler = "random" };

    [Fact]
    public void Apply_EveryTrial_RunsOnceToItsFullEpochs()
    {
        StudyDriver study = new(Specs.Grid(3, 2) with { Baseline = false });
        study.RunAll(n => n);
        study.Study.Completed.ShouldBe(9);
        study.Host.Searched.ShouldAllBe(t => t.State == TrialState.Completed && t.Epochs == 2 && t.Attempt == 1 && t.Rung == null);
        study.Host.Searched.Select(t => t.Cell).ShouldBe(Enumerable.Range(0, 9).Cast<int?>());
        study.Study.EpochsExecuted.ShouldBe(18);
    }
}
