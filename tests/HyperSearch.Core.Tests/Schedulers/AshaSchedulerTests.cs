using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Schedulers;

public sealed class AshaSchedulerTests : SchedulerSuite
{
    protected override StudyAlgorithm Create() =>
        new() { Name = "asha", Sampler = "random", ReductionFactor = 3, MinEpochs = 1, MaxEpochs = 9 };

    [Fact]
    public void Next_OneWorkerValuesByNumber_RunsTheGoldenSequence()
    {
        StudyDriver study = Of(27, 27);
        Run(study, n => n + 1).ShouldBe(
            "0@1 1@1 2@1 0@3 3@1 4@1 5@1 1@3 6@1 7@1 8@1 2@3 0@9 9@1 10@1 11@1 3@3 12@1 13@1 14@1 4@3 15@1 16@1 17@1 5@3 1@9 "
            + "18@1 19@1 20@1 6@3 21@1 22@1 23@1 7@3 24@1 25@1 26@1 8@3 2@9 0@27");
        (study.Study.State, study.Study.EpochsExecuted, study.Study.BestNumber).ShouldBe((StudyState.Completed, 81L, 0));
        (study.Study.Completed, study.Study.Pruned).ShouldBe((1, 26));
    }

    [Fact]
    public void Next_EveryTrialBetterThanTheOneBefore_ExecutesAsManyEpochsAsThePageSays()
    {
        StudyDriver study = Of(27, 27);
        study.RunAll(n => -n);
        study.Study.EpochsExecuted.ShouldBe(593);
    }

    [Fact]
    public void Next_RandomOrders_ExecuteAsManyEpochsAsThePageSays()
    {
        List<long> epochs = [];
        for (int order = 0; order < 300; order++)
        {
            int[] values = [.. Enumerable.Range(0, 27).OrderBy(n => HyperSearch.Core.Samplers.StableMix.Hash(order, "order", n))];
            StudyDriver study = Of(27, 27);
            study.RunAll(n => values[n]);
            epochs.Add(study.Study.EpochsExecuted);
        }

        epochs.ShouldAllBe(e => e >= 81 && e <= 291);
        epochs.Average().ShouldBeInRange(98.5 - 6, 98.5 + 6); // 300 orders of the page's 20,000: three standard errors
    }

    [Fact]
    public void Next_BestDiverged_ItsPlaceIsNotPassedOn()
    {
        StudyDriver study = Of(6, 3);
        List<Trial> trials = study.AssignNew(3);
        trials.ForEach(t => study.Diverge(t, 1));
        study.Host.TryNext(out int? number).ShouldBeTrue();
        number.ShouldBeNull(); // three ended, one place, nobody finite
        Trial fourth = study.Assign();
        study.Complete(fourth, 5);
        study.Host.TryNext(out number).ShouldBeTrue();
        number.ShouldBe(3);
    }

    [Fact]
    public void Next_TopRungFirst()
    {
        StudyDriver study = Of(27, 9);
        Run(study, n => n, stopAt: "8@1");
        // Now rung 0 has a third place and rung 1, after 2@3, has its first.
        Run(study, n => n, stopAt: "0@9").ShouldEndWith("2@3 0@9");
    }

    [Fact]
    public void Settle_NoTrialReachedTheTop_PromotesTheBestOfTheHighestRung()
    {
        StudyDriver study = Of(2, 9);
        Run(study, n => n + 1).ShouldBe("0@1 1@1 0@3 0@9");
        (study.Study.BestNumber, study.Study.Completed, study.Study.Pruned).ShouldBe((0, 1, 1));
    }

    [Fact]
    public void Settle_RescuedTrialsFailToo_TriesTheNextUntilNobodyIsLeft()
    {
        StudyDriver study = new(Specs.Asha(3, 1, 3) with { Baseline = false, Dataset = null, MaxFailedTrials = 10 });
        study.AssignNew(3).ForEach(t => study.Complete(t, t.Number));
        foreach (int expected in new[] { 0, 1, 2 })
        {
            study.Host.TryNext(out int? number).ShouldBeTrue();
            number.ShouldBe(expected);
            study.Fail(study.Assign(number));
        }

        (study.Study.State, study.Study.StopReason, study.Study.BestNumber).ShouldBe((StudyState.Completed, StopReason.Finished, null));
    }

    [Fact]
    public void Obey_CancelOfAPausedTrial_TakesItsResultOutOfTheRung()
    {
        StudyDriver study = Of(10, 9);
        study.AssignNew(3).ForEach(t => study.Complete(t, t.Number));
        study.Host.Apply(new StudyInput.TrialVerbGiven(0, TrialVerb.Cancel)).Applied.ShouldBeTrue();
        study.Host.TryNext(out int? number).ShouldBeTrue();
        number.ShouldBeNull(); // two of three results are left: no place
        study.Complete(study.Assign(), 5);
        study.Host.TryNext(out number).ShouldBeTrue();
        number.ShouldBe(1);
    }

    [Fact]
    public void Offer_PausedTrialThatIsNotTheCandidate_ChangesNothing()
    {
        StudyDriver study = Of(10, 9);
        study.AssignNew(3).ForEach(t => study.Complete(t, t.Number));
        study.Host.Offer(StudyDriver.Worker, 1).Applied.ShouldBeFalse();
        study.Host.Offer(StudyDriver.Worker, 0).Applied.ShouldBeTrue();
        (study[0].Rung, study[0].FromEpoch, study[0].ToEpoch).ShouldBe((1, 1, 3));
    }

    private static StudyDriver Of(int trials, int max) => new(Specs.Asha(trials, 1, max) with { Baseline = false, Dataset = null });

    private static string Run(StudyDriver study, Func<int, double?> values, string? stopAt = null)
    {
        List<string> run = [];
        while ((run.Count == 0 || run[^1] != stopAt) && study.Host.TryNext(out int? number))
        {
            Trial trial = study.Assign(number);
            run.Add($"{trial.Number}@{trial.ToEpoch}");
            study.Complete(trial, values(trial.Number));
        }

        return string.Join(' ', run);
    }
}
