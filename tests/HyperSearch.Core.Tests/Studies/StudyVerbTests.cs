using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using static HyperSearch.Core.Studies.VerbOutcome;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyVerbTests
{
    // Every state x pause, resume, stop, cancel.
    private static readonly Dictionary<StudyState, VerbOutcome[]> Table = new()
    {
        [StudyState.Queued] = [Changed, Unchanged, Changed, Changed],
        [StudyState.Running] = [Changed, Unchanged, Changed, Changed],
        [StudyState.Paused] = [Unchanged, Changed, Changed, Changed],
        [StudyState.Stopping] = [Illegal, Illegal, Unchanged, Changed],
        [StudyState.Completed] = [Illegal, Illegal, Illegal, Illegal],
        [StudyState.Stopped] = [Illegal, Illegal, Unchanged, Illegal],
        [StudyState.Cancelled] = [Illegal, Illegal, Illegal, Unchanged],
        [StudyState.Failed] = [Illegal, Illegal, Illegal, Illegal],
    };

    public static TheoryData<StudyState, StudyVerb> Cells
    {
        get
        {
            TheoryData<StudyState, StudyVerb> data = [];
            foreach (StudyState state in Enum.GetValues<StudyState>())
            {
                foreach (StudyVerb verb in Enum.GetValues<StudyVerb>())
                {
                    data.Add(state, verb);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Check_EveryStateAndVerb_IsAsTheTableSays(StudyState state, StudyVerb verb) =>
        StudyRules.Check(state, verb).ShouldBe(Table[state][(int)verb]);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Apply_EveryStateAndVerb_ChangesOnlyWhereCheckSays(StudyState state, StudyVerb verb)
    {
        StudyDriver study = In(state);
        long version = study.Study.Version;
        StudyOutcome outcome = study.Give(verb);
        bool changes = Table[state][(int)verb] == Changed;
        outcome.Applied.ShouldBe(changes);
        study.Study.Version.ShouldBe(version + (changes ? 1 : 0));
        study.Study.State.ShouldBe((changes, verb) switch
        {
            (false, _) => state,
            (_, StudyVerb.Pause) => StudyState.Paused,
            (_, StudyVerb.Resume) => StudyState.Running,
            (_, StudyVerb.Stop) => state == StudyState.Queued ? StudyState.Stopped : StudyState.Stopping,
            (_, StudyVerb.Cancel) => StudyState.Cancelled,
            _ => throw new InvalidOperationException(),
        });
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Apply_VerbGivenTwice_SecondChangesNothing(StudyState state, StudyVerb verb)
    {
        StudyDriver study = In(state);
        study.Give(verb);
        study.Give(verb).Applied.ShouldBeFalse();
    }

    [Fact]
    public void Apply_ResumeBeforeAnyStart_IsQueuedAgain()
    {
        StudyDriver study = new(Specs.Random());
        study.Give(StudyVerb.Pause);
        study.Give(StudyVerb.Resume);
        study.Study.State.ShouldBe(StudyState.Queued);
        study.Assign();
        study.Study.State.ShouldBe(StudyState.Running);
    }

    [Fact]
    public void Apply_OfferWhilePausedOrStopping_IsRefused()
    {
        StudyDriver study = new(Specs.Random());
        study.Assign();
        study.Give(StudyVerb.Pause);
        study.Host.Offer(StudyDriver.Worker).Applied.ShouldBeFalse();
        study.Give(StudyVerb.Stop);
        study.Host.Offer(StudyDriver.Worker).Applied.ShouldBeFalse();
    }

    [Fact]
    public void Apply_PauseAndReturn_WaitsFromItsCheckpointWithNothingCounted()
    {
        StudyDriver study = new(Specs.Random(1, 3) with { Baseline = false });
        Trial trial = study.Assign();
        study.Give(StudyVerb.Pause);
        study.Return(trial, checkpoint: 2);
        (trial.State, trial.CheckpointEpoch, trial.LostAttempts).ShouldBe((TrialState.Waiting, 2, 0));
        study.Give(StudyVerb.Resume);
        study.Assign(0);
        (trial.FromEpoch, trial.ToEpoch, study.Study.EpochsInFlight).ShouldBe((2, 3, 1L));
    }

    [Fact]
    public void Apply_LastCompletionDuringPause_PromotesAndStaysPaused()
    {
        StudyDriver study = new(Specs.Halving(3, 1, 3) with { Baseline = false });
        List<Trial> trials = study.AssignNew(3);
        study.Give(StudyVerb.Pause);
        trials.ForEach(t => study.Complete(t, t.Number));
        study.Study.State.ShouldBe(StudyState.Paused);
        trials.Select(t => t.State).ShouldBe([TrialState.Waiting, TrialState.Pruned, TrialState.Pruned]);
        study.Give(StudyVerb.Resume);
        study.Complete(study.Assign(0), 0);
        study.Study.Scoring.ShouldBeTrue();
    }

    [Fact]
    public void Apply_SearchEndsDuringPause_EndsThePauseToo()
    {
        StudyDriver study = new(Specs.Random(1) with { Baseline = false, Dataset = null });
        Trial trial = study.Assign();
        study.Give(StudyVerb.Pause);
        study.Host.Now += TimeSpan.FromSeconds(7);
        study.Complete(trial, 1);
        study.Study.State.ShouldBe(StudyState.Completed);
        study.Study.PausedSince.ShouldBeNull();
        study.Study.PausedSeconds.ShouldBe(7);
    }

    [Fact]
    public void Apply_Stop_WaitingAreCancelledPausedPrunedRunningFinish()
    {
        StudyDriver study = new(Specs.Halving(4, 1, 2, 2) with { Baseline = false });
        List<Trial> trials = study.AssignNew(4);
        study.Complete(trials[0], 0);
        study.Return(trials[1]);
        study.Start(trials[2]);
        study.Give(StudyVerb.Stop);
        trials.Select(t => t.State).ShouldBe([TrialState.Pruned, TrialState.Cancelled, TrialState.Running, TrialState.Dispatched]);
        study.Complete(trials[2], 0);
        trials[2].State.ShouldBe(TrialState.Pruned);
        study.Study.State.ShouldBe(StudyState.Stopping);
        study.TakeBack(trials[3], lost: false);
        trials[3].State.ShouldBe(TrialState.Cancelled);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Stopped, StopReason.UserStop));
    }

    [Fact]
    public void Apply_StopWhileTopRungRuns_CompletesAtFullResource()
    {
        StudyDriver study = new(Specs.Halving(2, 1, 2, 2) with { Baseline = false, Dataset = null });
        study.AssignNew(2).ForEach(t => study.Complete(t, t.Number));
        Trial top = study.Assign(0);
        study.Give(StudyVerb.Stop);
        study.Complete(top, 0);
        top.State.ShouldBe(TrialState.Completed);
        (study.Study.State, study.Study.BestNumber).ShouldBe((StudyState.Stopped, 0));
    }

    [Fact]
    public void Apply_StopWithBaselineWaiting_CancelsBaseline()
    {
        StudyDriver study = new(Specs.Random());
        study.Return(study.Assign());
        study.Give(StudyVerb.Stop);
        study.Study.BaselineState.ShouldBe(TrialState.Cancelled);
        study.Study.State.ShouldBe(StudyState.Stopped);
    }

    [Fact]
    public void Apply_StopWhilePaused_RunningFinish()
    {
        StudyDriver study = new(Specs.Random(4) with { Baseline = false, Dataset = null });
        Trial trial = study.Assign();
        study.Give(StudyVerb.Pause);
        study.Give(StudyVerb.Stop);
        study.Study.PausedSince.ShouldBeNull();
        study.Complete(trial, 1);
        (study.Study.State, trial.State).ShouldBe((StudyState.Stopped, TrialState.Completed));
    }

    [Fact]
    public void Apply_Cancel_EverythingOpenIsCancelledAndKeepsItsSlot()
    {
        StudyDriver study = new(Specs.Halving(4, 1, 2, 2));
        Trial baseline = study.Assign();
        List<Trial> trials = study.AssignNew(4);
        study.Complete(trials[0], 0);
        study.Return(trials[1]);
        study.Start(trials[2]);
        study.Fail(trials[3]);
        study.Give(StudyVerb.Cancel);
        trials.Append(baseline).Select(t => t.State)
            .ShouldBe([TrialState.Cancelled, TrialState.Cancelled, TrialState.Cancelled, TrialState.Failed, TrialState.Cancelled]);
        (trials[2].Incarnation, baseline.Incarnation).ShouldBe((StudyDriver.Worker, StudyDriver.Worker));
        (study.Study.Assigned, study.Study.EpochsInFlight).ShouldBe((0, 0L));
        study.Complete(trials[2], 0).Applied.ShouldBeFalse();
    }

    private static StudyDriver In(StudyState state)
    {
        StudyDriver study = new(Specs.Random(2) with { Dataset = null, MaxFailedTrials = state == StudyState.Failed ? 0 : 3 });
        if (state == StudyState.Queued)
        {
            return study;
        }

        Trial baseline = study.Assign();
        switch (state)
        {
            case StudyState.Paused: study.Give(StudyVerb.Pause); break;
            case StudyState.Stopping: study.Give(StudyVerb.Stop); break;
            case StudyState.Cancelled: study.Give(StudyVerb.Cancel); break;
            case StudyState.Failed: study.Fail(baseline); break;
            case StudyState.Stopped:
                study.Give(StudyVerb.Stop);
                study.Complete(baseline, 1);
                break;
            case StudyState.Completed:
                study.Complete(baseline, 1);
                study.RunAll(n => n);
                break;
            default: break;
        }

        study.Study.State.ShouldBe(state);
        return study;
    }
}
