using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

/// <summary>What users do to single trials.</summary>
public sealed class TrialRetryTests
{
    [Fact]
    public void Retry_FailedTrial_GoesOnFromItsCheckpointWithNothingCountedAgainstIt()
    {
        StudyDriver study = new(Specs.Random(2) with { Baseline = false, Dataset = null }, maxLostAttempts: 2);
        Trial trial = study.Assign();
        study.Report(trial, 1, 0.5, checkpoint: true);
        study.TakeBack(trial);
        for (int lost = 0; lost < 2; lost++)
        {
            study.Start(study.Assign(0));
            study.TakeBack(trial);
        }

        (trial.State, trial.ErrorKind, trial.LostAttempts, study.Study.FailedAll).ShouldBe((TrialState.Failed, FailureKind.WorkerLost, 3, 1));

        study.Host.Apply(new StudyInput.TrialVerbGiven(0, TrialVerb.Retry)).Applied.ShouldBeTrue();

        (trial.State, trial.LostAttempts, trial.CheckpointEpoch, trial.ErrorKind, study.Study.FailedAll).ShouldBe((TrialState.Waiting, 0, 1, null, 0));
        study.Start(study.Assign(0));
        study.TakeBack(trial);
        trial.State.ShouldBe(TrialState.Waiting, "the first of two losses");
        study.Assign(0);
        (trial.FromEpoch, trial.Attempt).ShouldBe((1, 5));
    }

    [Fact]
    public void Retry_TrialOfARungThatHasDecided_IsIllegal()
    {
        StudyDriver study = new(Specs.Halving(4, 1, 2, 2) with { Baseline = false, Dataset = null });
        List<Trial> trials = study.AssignNew(4);
        study.Fail(trials[3]);
        study.Complete(trials[0], 0);
        study.Complete(trials[1], 1);
        Check(study, 3).ShouldBe(VerbOutcome.Changed);

        study.Complete(trials[2], 2);

        trials.Select(t => t.State).ShouldBe([TrialState.Waiting, TrialState.Waiting, TrialState.Pruned, TrialState.Failed]);
        Check(study, 3).ShouldBe(VerbOutcome.Illegal);
        study.Host.Apply(new StudyInput.TrialVerbGiven(3, TrialVerb.Retry)).Applied.ShouldBeFalse();
        // Its own rung has not decided yet.
        study.Fail(study.Assign(0));
        Check(study, 0).ShouldBe(VerbOutcome.Changed);
    }

    [Fact]
    public void Retry_UnderAsha_IsPossibleAtAnyRung()
    {
        StudyDriver study = new(Specs.Asha(3, 1, 3) with { Baseline = false, Dataset = null });
        List<Trial> trials = study.AssignNew(3);
        study.Fail(trials[0]);
        study.Complete(trials[1], 1);
        study.Complete(trials[2], 2);
        Check(study, 0).ShouldBe(VerbOutcome.Changed);
    }

    [Theory]
    [InlineData(StudyVerb.Stop, VerbOutcome.Illegal)]
    [InlineData(StudyVerb.Pause, VerbOutcome.Changed)]
    [InlineData(StudyVerb.Cancel, VerbOutcome.Illegal)]
    public void Retry_InAStudyThatIsNotOpen_IsIllegal(StudyVerb verb, VerbOutcome expected)
    {
        StudyDriver study = new(Specs.Random(6) with { Baseline = false });
        study.Fail(study.Assign());
        study.Assign();
        study.Give(verb);
        Check(study, 0).ShouldBe(expected);
    }

    [Fact]
    public void Check_TrialInEveryState_IsAsThePageSays()
    {
        StudyDriver study = new(Specs.Halving(9, 1, 9) with { Baseline = false });
        List<Trial> trials = study.AssignNew(6);
        study.Start(trials[1]);
        study.Return(trials[2]);
        study.Complete(trials[3], 1);
        study.Diverge(trials[4], 1);
        study.Fail(trials[5]);
        (TrialState, VerbOutcome, VerbOutcome)[] table =
        [
            (TrialState.Dispatched, VerbOutcome.Changed, VerbOutcome.Illegal),
            (TrialState.Running, VerbOutcome.Changed, VerbOutcome.Illegal),
            (TrialState.Waiting, VerbOutcome.Changed, VerbOutcome.Illegal),
            (TrialState.Paused, VerbOutcome.Changed, VerbOutcome.Illegal),
            (TrialState.Pruned, VerbOutcome.Illegal, VerbOutcome.Illegal),
            (TrialState.Failed, VerbOutcome.Illegal, VerbOutcome.Changed),
        ];
        trials.Select(t => (t.State, StudyRules.Check(study.Study, t, TrialVerb.Cancel), StudyRules.Check(study.Study, t, TrialVerb.Retry))).ShouldBe(table);
        study.Host.Apply(new StudyInput.TrialVerbGiven(0, TrialVerb.Cancel));
        StudyRules.Check(study.Study, trials[0], TrialVerb.Cancel).ShouldBe(VerbOutcome.Unchanged);
    }

    private static VerbOutcome Check(StudyDriver study, int number) => StudyRules.Check(study.Study, study[number], TrialVerb.Retry);
}
