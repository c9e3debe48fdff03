using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Simulation;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Schedulers;

public sealed class SuccessiveHalvingSchedulerTests : SchedulerSuite
{
    protected override StudyAlgorithm Create() =>
        new() { Name = "successive_halving", Sampler = "random", ReductionFactor = 3, MinEpochs = 1, MaxEpochs = 9 };

    [Theory]
    [InlineData(27, 1, 27, 3, "27@1 9@3 3@9 1@27", 81)]
    [InlineData(27, 1, 9, 3, "27@1 9@3 3@9", 63)]
    [InlineData(10, 1, 27, 3, "10@1 3@3 1@9 1@27", 40)]
    [InlineData(27, 1, 26, 3, "27@1 9@3 3@9 1@26", 80)]
    [InlineData(9, 1, 10, 3, "9@1 3@3 1@10", 22)]
    [InlineData(9, 1, 8, 3, "9@1 3@3 1@8", 20)]
    [InlineData(7, 2, 9, 3, "7@2 2@9", 28)]
    [InlineData(5, 3, 3, 3, "5@3", 15)]
    [InlineData(5, 1, 2, 3, "5@1 1@2", 6)]
    [InlineData(1, 1, 27, 3, "1@1 1@3 1@9 1@27", 27)]
    [InlineData(16, 1, 8, 2, "16@1 8@2 4@4 2@8", 40)]
    public void Apply_NothingFails_RunsTheGoldenTable(int trials, int min, int max, int eta, string table, int epochs)
    {
        StudyDriver study = new(Specs.Halving(trials, min, max, eta) with { Baseline = false, Dataset = null });
        study.RunAll(n => n);
        Rung[] rungs = [.. study.Study.Rungs.OrderBy(r => r.Index)];
        string.Join(' ', rungs.Select(r => $"{r.Ended}@{r.Epochs}")).ShouldBe(table);
        study.Study.EpochsExecuted.ShouldBe(epochs);
        study.Study.Completed.ShouldBe(rungs[^1].Ended);
        study.Study.BestNumber.ShouldBe(0);
        rungs.SkipLast(1).ToList().ForEach(r => study.Host.BeyondRung(r.Index).ShouldBe(Enumerable.Range(0, r.Promoted)));
        rungs.SkipLast(1).Select(r => r.Promoted).ShouldBe(rungs.Skip(1).Select(r => r.Ended));
    }

    [Fact]
    public void Apply_RungHasNotEnded_DecidesNothing()
    {
        StudyDriver study = Of(9);
        List<Trial> trials = study.AssignNew(9);
        trials.Take(8).ToList().ForEach(t => study.Complete(t, t.Number).Decisions.ShouldBe([new Decision.AwaitRung(t.Number)]));
        study.Host.BeyondRung(0).ShouldBeEmpty();
        study.Complete(trials[8], 8).Decisions.ShouldBe([new Decision.AwaitRung(8), new Decision.Promote(0, 0, 3, 3)]);
        (study.Study.Waiting, study.Study.Pruned).ShouldBe((3, 6));
    }

    [Fact]
    public void Apply_PromotedTrial_GoesOnFromItsCheckpoint()
    {
        StudyDriver study = Of(9);
        study.AssignNew(9).ForEach(t => study.Complete(t, t.Number));
        Trial trial = study.Assign(0);
        (trial.Rung, trial.FromEpoch, trial.ToEpoch, trial.Attempt).ShouldBe((1, 1, 3, 2));
        study.Complete(trial, 5);
        (trial.Epochs, trial.Value, study.Study.EpochsExecuted).ShouldBe((3, 0, 11L));
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("lose")]
    [InlineData("diverge")]
    [InlineData("missing")]
    public void Apply_TrialDropsOut_NeverBlocksItsRung(string how)
    {
        StudyDriver study = Of(9, maxLostAttempts: 1);
        List<Trial> trials = study.AssignNew(9);
        trials.Skip(1).ToList().ForEach(t => study.Complete(t, t.Number));
        study.Start(trials[0]);
        StudyOutcome outcome = how switch
        {
            "fail" => study.Fail(trials[0]),
            "lose" => study.TakeBack(trials[0]),
            "diverge" => study.Diverge(trials[0], 1),
            _ => study.Complete(trials[0], (double?)null),
        };
        outcome.Decisions.ShouldContain(new Decision.Promote(0, 0, 3, 3));
        study.Host.BeyondRung(0).ShouldBe([1, 2, 3]);
        Rung rung = study.Study.Rungs.First(r => r.Index == 0);
        bool counts = how is "diverge" or "missing";
        (rung.Ended, rung.Finite).ShouldBe((counts ? 9 : 8, 8));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void Apply_FewerFiniteThanPlaces_PromotesThese(int finite)
    {
        StudyDriver study = Of(9);
        study.RunAll(n => n < finite ? n : null);
        study.Study.Rungs.OrderBy(r => r.Index).Select(r => r.Promoted).ShouldBe([finite, 1, 0]);
        study.Study.BestNumber.ShouldBe(0);
    }

    [Fact]
    public void Apply_NoFiniteOneIsLeft_EndsTheBracket()
    {
        StudyDriver study = Of(9);
        List<Trial> trials = study.AssignNew(9);
        trials.ForEach(t => study.Complete(t, t.Number));
        for (int n = 0; n < 3; n++)
        {
            study.Diverge(study.Assign(n), 2);
        }

        (study.Study.State, study.Study.StopReason, study.Study.BestNumber).ShouldBe((StudyState.Completed, StopReason.Finished, null));
        study.Study.Rungs.ShouldAllBe(r => r.Decided);
        trials[0].Value.ShouldBeNull();
    }

    [Fact]
    public void Apply_LateBaseline_IsNeverComparedOrPruned()
    {
        StudyDriver study = new(Specs.Halving(9, 1, 9) with { Dataset = null });
        Trial baseline = study.Assign();
        study.AssignNew(9).ForEach(t => study.Complete(t, t.Number));
        study.Host.BeyondRung(0).Count().ShouldBe(3);
        study.Complete(baseline, 100);
        (baseline.State, baseline.Epochs).ShouldBe((TrialState.Completed, 9));
        study.RunAll(n => n);
        (study.Study.State, study.Study.EpochsExecuted).ShouldBe((StudyState.Completed, 9L + 9 + 6 + 6));
    }

    [Fact]
    public void Apply_GridSampler_KeepsItsCells()
    {
        StudySpec grid = Specs.Grid(3, 9);
        StudyDriver study = new(Specs.Halving(9, 1, 9) with
        {
            Space = grid.Space,
            Algorithm = Create() with { Sampler = "grid" },
            Baseline = false,
            Dataset = null,
        });
        study.RunAll(n => n);
        study.Host.Searched.Select(t => t.Cell).ShouldBe(Enumerable.Range(0, 9).Cast<int?>());
    }

    private static StudyDriver Of(int trials, int maxLostAttempts = 5) =>
        new(Specs.Halving(trials, 1, 9) with { Baseline = false, Dataset = null }, maxLostAttempts);
}
