using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyBudgetTests
{
    private static readonly StudySpec Six = Specs.Random(6) with { Baseline = false, Dataset = null };

    [Fact]
    public void MaxParallel_BaselineIncluded_RefusesOneMore()
    {
        StudyDriver study = new(Specs.Random(6) with { MaxParallel = 2 });
        study.AssignNew(2);
        StudyRules.MayStart(study.Study).ShouldBeFalse();
        study.Host.Offer(StudyDriver.Worker).Applied.ShouldBeFalse();
    }

    [Fact]
    public void MaxEpochsTotal_InFlightCounts_RefusesUntilNothingRunsThenEnds()
    {
        StudyDriver study = new(Six with { MaxEpochsTotal = 8 });
        List<Trial> trials = study.AssignNew(2);
        study.Host.Offer(StudyDriver.Worker).Applied.ShouldBeFalse();
        study.Study.State.ShouldBe(StudyState.Running);
        study.Complete(trials[0], 1);
        study.Host.Offer(StudyDriver.Worker).Applied.ShouldBeFalse();

        // Two epochs are left and a trial takes three: it ends at once, without a free slot.
        study.Complete(trials[1], 1).Decisions.ShouldBe(
        [
            new Decision.Complete(1),
            new Decision.EndOpen(StopReason.MaxEpochsTotal),
            new Decision.Enter(StudyState.Stopping),
            new Decision.Finish(StudyState.Completed, StopReason.MaxEpochsTotal),
        ]);
        (study.Study.EpochsExecuted, study.Study.Created).ShouldBe((6L, 2));
    }

    [Fact]
    public void MaxEpochsTotal_UsedUpByAPromotedTrial_EndsWithoutASlot()
    {
        StudyDriver study = new(Specs.Asha() with { Baseline = false, Dataset = null, MaxEpochsTotal = 5 });
        for (int n = 0; n < 3; n++)
        {
            study.Complete(study.Assign(), n);
        }

        study.Host.TryNext(out int? promoted).ShouldBeTrue();
        promoted.ShouldBe(0);
        study.Study.State.ShouldBe(StudyState.Running);
        study.Complete(study.Assign(0), 0);
        (study.Study.State, study.Study.StopReason, study.Study.EpochsExecuted).ShouldBe((StudyState.Completed, StopReason.MaxEpochsTotal, 5L));
    }

    [Fact]
    public void MaxEpochsTotal_PausedWithEpochsForOneMore_GoesOnAfterwards()
    {
        StudyDriver study = new(Six with { MaxEpochsTotal = 6 });
        Trial first = study.Assign();
        study.Give(StudyVerb.Pause);
        study.Complete(first, 1);
        study.Study.State.ShouldBe(StudyState.Paused);
        study.Give(StudyVerb.Resume);
        study.Complete(study.Assign(), 1);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Completed, StopReason.MaxEpochsTotal));
    }

    [Theory]
    [InlineData(3, StudyState.Running)]
    [InlineData(4, StudyState.Failed)]
    public void MaxFailedTrials_TrialsWereRaised_TheDefaultFollowsAndAChoiceStays(int chosen, StudyState state)
    {
        // 3 is the default of six trials and of 100 it is 10; 4 was asked for.
        StudyDriver study = new(Six with { MaxFailedTrials = chosen });
        study.Host.Apply(new StudyInput.Patched(100, false, null, null));
        for (int n = 0; n < 5; n++)
        {
            study.Fail(study.Assign());
        }

        study.Study.State.ShouldBe(state);
    }

    [Fact]
    public void MaxEpochsTotal_EndedEarly_LeavesRoom()
    {
        StudyDriver study = new(Six with { MaxEpochsTotal = 4 });
        Trial first = study.Assign();
        study.Host.Offer(StudyDriver.Worker).Applied.ShouldBeFalse();
        study.Complete(first, [StudyDriver.Metric(1, 0.5)], stoppedEarly: true);
        study.Assign().Number.ShouldBe(1);
    }

    [Fact]
    public void MaxEpochsTotal_FitsExactly_EndsAsFinished()
    {
        StudyDriver study = new(Six with { MaxEpochsTotal = 18 });
        study.RunAll(n => n);
        (study.Study.StopReason, study.Study.EpochsExecuted).ShouldBe((StopReason.Finished, 18L));
    }

    [Fact]
    public void MaxEpochsTotal_RepeatedAndBaselineEpochs_Count()
    {
        StudyDriver study = new(Specs.Random(6) with { Dataset = null, MaxEpochsTotal = 6 });
        Trial baseline = study.Assign();
        study.Report(baseline, 1, 0.5);
        study.Report(baseline, 2, 0.5);
        study.TakeBack(baseline);
        study.Assign(Trial.BaselineNumber);
        study.Complete(baseline, 0.5);
        study.Study.EpochsExecuted.ShouldBe(5);
        study.RunAll(n => n);
        (study.Study.State, study.Study.StopReason, study.Study.Created).ShouldBe((StudyState.Completed, StopReason.MaxEpochsTotal, 0));
    }

    [Fact]
    public void MaxEpochsTotal_TooSmallForAnything_EndsAtTheFirstOffer()
    {
        StudyDriver study = new(Six with { MaxEpochsTotal = 2 });
        study.Host.Offer(StudyDriver.Worker).Created.ShouldBeNull();
        (study.Study.State, study.Study.StopReason, study.Study.StartedAt).ShouldBe((StudyState.Completed, StopReason.MaxEpochsTotal, null));
    }

    [Fact]
    public void MaxEpochsTotal_OnlyTheRestOfATrial_Counts()
    {
        StudyDriver study = new(Six with { MaxEpochsTotal = 3 });
        Trial trial = study.Assign();
        study.Return(trial, checkpoint: 2);
        study.Assign(0);
        study.Complete(trial, 0.5);
        trial.State.ShouldBe(TrialState.Completed);
    }

    [Fact]
    public void MaxDeviceSeconds_UsedUp_RunningFinishNothingStarts()
    {
        StudyDriver study = new(Six with { MaxDeviceSeconds = 10 });
        List<Trial> trials = study.AssignNew(2);
        study.Report(trials[0], 1, 0.5, seconds: 9.5);
        study.Study.State.ShouldBe(StudyState.Running);
        study.Report(trials[1], 1, 0.5, seconds: 0.5);
        study.Study.State.ShouldBe(StudyState.Stopping);
        trials.ForEach(t => study.Complete(t, 0.5));
        trials.ShouldAllBe(t => t.State == TrialState.Completed);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Completed, StopReason.MaxDeviceSeconds));
    }

    [Fact]
    public void MaxDeviceSeconds_UsedUpByTheLastTrial_EndsAsFinished()
    {
        StudyDriver study = new(Specs.Random(1) with { Baseline = false, Dataset = null, MaxDeviceSeconds = 2 });
        study.Complete(study.Assign(), 0.5, seconds: 1);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Completed, StopReason.Finished));
    }

    [Fact]
    public void MaxDeviceSeconds_SecondsOfReportsAndAttempt_AreCountedOnce()
    {
        StudyDriver study = new(Six);
        Trial trial = study.Assign();
        study.Report(trial, 1, 0.5, seconds: 2);
        study.Complete(trial, 0.5, seconds: 2);
        (study.Study.DeviceSeconds, trial.DeviceSeconds).ShouldBe((6, 6));
    }

    [Fact]
    public void MaxDurationS_PausedTime_DoesNotCount()
    {
        StudyDriver study = new(Six with { MaxDurationS = 10 });
        study.PassTime(100).Applied.ShouldBeFalse();
        Trial trial = study.Assign();
        study.PassTime(8).Applied.ShouldBeFalse();
        study.Give(StudyVerb.Pause);
        study.PassTime(100).Applied.ShouldBeFalse();
        study.Give(StudyVerb.Resume);
        study.PassTime(2).Applied.ShouldBeFalse();
        study.PassTime(0.5).Applied.ShouldBeTrue();
        study.Study.State.ShouldBe(StudyState.Stopping);
        study.Complete(trial, 0.5);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Completed, StopReason.MaxDurationS));
    }

    [Theory]
    [InlineData(false, 0.5, 0.5, true)]
    [InlineData(false, 0.5, 0.4, true)]
    [InlineData(false, 0.5, 0.6, false)]
    [InlineData(true, 0.5, 0.5, true)]
    [InlineData(true, 0.5, 0.6, true)]
    [InlineData(true, 0.5, 0.4, false)]
    public void Target_CompletedTrial_EndsTheStudyWhenMet(bool maximize, double target, double value, bool ends)
    {
        StudyDriver study = new(Six with { Target = target, Objective = new() { Metric = "val_accuracy", Maximize = maximize } });
        List<Trial> trials = study.AssignNew(2);
        study.Complete(trials[0], value);
        study.Study.State.ShouldBe(ends ? StudyState.Stopping : StudyState.Running);
        if (ends)
        {
            study.Complete(trials[1], value);
            (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Completed, StopReason.Target));
        }
    }

    [Fact]
    public void Target_BaselineOrUnfinishedTrial_EndsNothing()
    {
        StudyDriver study = new(Specs.Halving(3, 1, 3) with { Target = 0.5 });
        study.Complete(study.Assign(), 0.1);
        study.Complete(study.Assign(), 0.1);
        study.Study.State.ShouldBe(StudyState.Running);
    }

    [Fact]
    public void PatienceTrials_CompletedWithoutABetterBest_EndsTheStudy()
    {
        StudyDriver study = new(Specs.Random(9) with { Dataset = null, PatienceTrials = 3 });
        study.Complete(study.Assign(), 0.1);
        foreach (double? value in new double?[] { 0.5, 0.6, 0.4, 0.4, null })
        {
            study.Complete(study.Assign(), value);
            study.Study.State.ShouldBe(StudyState.Running);
        }

        study.Complete(study.Assign(), 0.45);
        (study.Study.State, study.Study.StopReason, study.Study.BestNumber).ShouldBe((StudyState.Completed, StopReason.PatienceTrials, 2));
    }

    [Fact]
    public void PatienceTrials_FailedAndDiverged_DoNotCount()
    {
        StudyDriver study = new(Six with { PatienceTrials = 1 });
        study.Complete(study.Assign(), 0.5);
        study.Fail(study.Assign());
        study.Diverge(study.Assign(), 1);
        study.Study.State.ShouldBe(StudyState.Running);
    }

    [Fact]
    public void MaxFailedTrials_Exceeded_EndsFailedAndKeepsWhatWasMeasured()
    {
        StudyDriver study = new(Specs.Random(6) with { MaxFailedTrials = 1 });
        study.Fail(study.Assign());
        study.Study.State.ShouldBe(StudyState.Running);
        List<Trial> trials = study.AssignNew(2);
        study.Fail(trials[0]);
        study.Study.State.ShouldBe(StudyState.Stopping);
        study.Complete(trials[1], 0.5);
        (study.Study.State, study.Study.StopReason, study.Study.BestNumber).ShouldBe((StudyState.Failed, StopReason.MaxFailedTrials, 1));
        trials[1].State.ShouldBe(TrialState.Completed);
    }

    [Fact]
    public void MaxFailedTrials_ExceededWhileStopping_OutweighsTheEarlierReason()
    {
        StudyDriver study = new(Six with { MaxFailedTrials = 0 });
        Trial trial = study.Assign();
        study.Give(StudyVerb.Stop);
        study.Fail(trial);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Failed, StopReason.MaxFailedTrials));
    }

    [Fact]
    public void EndSearch_SpaceExhausted_SaysSo()
    {
        StudyDriver study = new(Six with { SpaceExhausted = true });
        study.RunAll(n => n);
        study.Study.StopReason.ShouldBe(StopReason.SpaceExhausted);
    }

    [Fact]
    public void Baseline_CountsInBudgetsAndInNothingElse()
    {
        StudyDriver study = new(Specs.Halving(3, 1, 3) with { Dataset = null });
        Trial baseline = study.Assign();
        (baseline.Number, baseline.Rung, baseline.ToEpoch, baseline.Cell).ShouldBe((-1, null, 3, null));
        (study.Study.Created, study.Study.Dispatched, study.Study.Assigned, study.Study.EpochsInFlight).ShouldBe((0, 0, 1, 3L));
        List<Trial> trials = study.AssignNew(3);
        trials.ForEach(t => study.Complete(t, t.Number + 1));
        study.Complete(study.Assign(0), 1);
        study.Study.State.ShouldBe(StudyState.Running);
        study.Complete(baseline, 0.1);
        baseline.State.ShouldBe(TrialState.Completed);
        (study.Study.State, study.Study.BestNumber, study.Study.Completed, study.Study.EpochsExecuted).ShouldBe((StudyState.Completed, 0, 1, 8L));
    }

    [Fact]
    public void Baseline_SecondsAndFailures_CountInTheBudgets()
    {
        StudyDriver seconds = new(Specs.Random(3) with { Dataset = null, MaxDeviceSeconds = 3 });
        seconds.Complete(seconds.Assign(), 0.5, seconds: 1);
        (seconds.Study.State, seconds.Study.StopReason, seconds.Study.Created).ShouldBe((StudyState.Completed, StopReason.MaxDeviceSeconds, 0));
        StudyDriver failures = new(Specs.Random(3) with { MaxFailedTrials = 1 });
        failures.Fail(failures.Assign());
        failures.Study.State.ShouldBe(StudyState.Running);
        failures.Fail(failures.Assign());
        (failures.Study.State, failures.Study.Failed).ShouldBe((StudyState.Failed, 1));
    }

    [Fact]
    public void MaxFailedTrials_TrialTriedAgain_DoesNotCount()
    {
        StudyDriver study = new(Six with { MaxFailedTrials = 1 });
        study.Fail(study.Assign());
        study.Host.Apply(new StudyInput.TrialVerbGiven(0, TrialVerb.Retry));
        study.Complete(study.Assign(0), 0.5);
        study.Fail(study.Assign());
        study.Study.State.ShouldBe(StudyState.Running);
    }
}
