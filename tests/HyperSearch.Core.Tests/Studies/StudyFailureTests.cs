using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyFailureTests
{
    private static readonly Guid Other = new(2, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    [Theory]
    [InlineData(FailureKind.DatasetError, true, true)]
    [InlineData(FailureKind.OutOfMemory, true, true)]
    [InlineData(FailureKind.DatasetError, false, false)]
    [InlineData(FailureKind.BadParameters, true, false)]
    [InlineData(FailureKind.Internal, true, false)]
    public void Apply_TrialFailed_IsRetriedOnceWhereItCanHelp(FailureKind kind, bool retryable, bool retried)
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Fail(trial, kind, retryable);
        if (retried)
        {
            (trial.State, trial.Retries, trial.Avoids, trial.LostAttempts).ShouldBe((TrialState.Waiting, 1, StudyDriver.Worker, 0));
            study.Fail(study.Assign(0, Other), kind, retryable);
        }

        (trial.State, trial.ErrorKind, trial.ErrorMessage).ShouldBe((TrialState.Failed, kind, "broken"));
        study.Study.FailedAll.ShouldBe(1);
    }

    [Fact]
    public void Apply_TrialFailedWhileStopping_IsNotRetried()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Give(StudyVerb.Stop);
        study.Fail(trial, FailureKind.DatasetError, retryable: true);
        trial.State.ShouldBe(TrialState.Failed);
        study.Study.State.ShouldBe(StudyState.Stopped);
    }

    [Fact]
    public void Apply_FiveLostInARow_FailsAsWorkerLost()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            trial.Attempt.ShouldBe(attempt);
            study.Start(trial);
            study.TakeBack(trial).Decisions[0].ShouldBe(attempt < 5
                ? new Decision.Return(0, true)
                : new Decision.Fail(0, FailureKind.WorkerLost));
            if (attempt < 5)
            {
                study.Assign(0);
            }
        }

        (trial.State, trial.LostAttempts).ShouldBe((TrialState.Failed, 5));
    }

    [Fact]
    public void Apply_LastLossIsAChild_FailsAsInternal()
    {
        StudyDriver study = One(maxLostAttempts: 2);
        Trial trial = study.Assign();
        study.Start(trial);
        study.TakeBack(trial);
        study.Return(study.Assign(0), childDied: true);
        trial.ErrorKind.ShouldBe(FailureKind.Internal);
    }

    [Fact]
    public void Apply_CheckpointFurtherOn_StartsTheRowAfresh()
    {
        StudyDriver study = One(maxLostAttempts: 2);
        Trial trial = study.Assign();
        study.Start(trial);
        study.TakeBack(trial);
        study.Report(study.Assign(0), 1, 0.5, checkpoint: true);
        study.TakeBack(trial);
        (trial.State, trial.LostAttempts, trial.LostInARow).ShouldBe((TrialState.Waiting, 2, 0));
        study.Report(study.Assign(0), 2, 0.5);
        study.TakeBack(trial);
        (trial.State, trial.LostInARow).ShouldBe((TrialState.Waiting, 1));
        study.Start(study.Assign(0));
        study.TakeBack(trial);
        (trial.State, trial.ErrorKind).ShouldBe((TrialState.Failed, FailureKind.WorkerLost));
    }

    [Fact]
    public void Apply_CheckpointFurtherOnOfAnAttemptThatWasGivenBack_StartsTheRowAfreshToo()
    {
        StudyDriver study = One(maxLostAttempts: 2);
        Trial trial = study.Assign();
        study.Start(trial);
        study.TakeBack(trial);
        study.Return(study.Assign(0), checkpoint: 1);
        (trial.LostAttempts, trial.LostInARow).ShouldBe((1, 0));
        study.Start(study.Assign(0));
        study.TakeBack(trial);
        trial.State.ShouldBe(TrialState.Waiting);
        // The same checkpoint again is none beyond the furthest.
        study.Return(study.Assign(0), checkpoint: 1);
        study.Start(study.Assign(0));
        study.TakeBack(trial);
        trial.ErrorKind.ShouldBe(FailureKind.WorkerLost);
    }

    [Fact]
    public void Apply_LostBeforeItsStart_CountsNothing()
    {
        StudyDriver study = One(maxLostAttempts: 1);
        Trial trial = study.Assign();
        StudyOutcome outcome = study.TakeBack(trial, lost: true);
        outcome.Decisions.ShouldBe([new Decision.Return(0, false)]);
        (trial.State, trial.LostAttempts).ShouldBe((TrialState.Waiting, 0));
    }

    [Fact]
    public void Apply_ReturnedByDrain_CountsNothing()
    {
        StudyDriver study = One(maxLostAttempts: 1);
        Trial trial = study.Assign();
        study.Start(trial);
        study.Return(trial).Decisions.ShouldBe([new Decision.Return(0, false)]);
        (trial.State, trial.LostAttempts).ShouldBe((TrialState.Waiting, 0));
    }

    [Fact]
    public void Apply_ReturnedOutOfMemory_GoesOnFromItsCheckpointWithTheSmallerMicroBatchAndCountsNothing()
    {
        StudyDriver study = One(maxLostAttempts: 1);
        Trial trial = study.Assign();
        study.Host.Apply(new StudyInput.Started(StudyDriver.Fence(trial), new TrialFacts { Threads = 1, MicroBatch = 32 }));
        study.Report(trial, 1, 0.5, checkpoint: true);
        study.Report(trial, 2, 0.1);
        study.Host.Apply(new StudyInput.SegmentReturned(StudyDriver.Fence(trial), [], null, ChildDied: false, 1) { MicroBatch = 16 })
            .Decisions.ShouldBe([new Decision.Return(0, false)]);
        study.Assign(0);
        (trial.MicroBatch, trial.LostAttempts, trial.FromEpoch, trial.Epochs, trial.Value).ShouldBe((16, 0, 1, 1, 0.5));
    }

    [Fact]
    public void Apply_ReassignedBehindItsReports_ForgetsThemAndCountsThemAgain()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Report(trial, 1, 0.5, checkpoint: true);
        study.Report(trial, 2, 0.1);
        study.TakeBack(trial);
        (trial.Epochs, trial.Value).ShouldBe((2, 0.1));
        study.Assign(0);
        (trial.FromEpoch, trial.Epochs, trial.Value, trial.BestEpoch).ShouldBe((1, 1, 0.5, 1));
        study.Study.EpochsInFlight.ShouldBe(2);
        study.Complete(trial, 0.3);
        (study.Study.EpochsExecuted, trial.Value, trial.BestEpoch).ShouldBe((4L, 0.3, 2));
    }

    [Fact]
    public void Apply_ReassignedWithoutCheckpoint_StartsFromNothing()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Report(trial, 1, 0.5);
        study.TakeBack(trial);
        study.Assign(0);
        trial.Summary.ShouldBe(TrialSummary.Empty);
    }

    [Fact]
    public void Apply_CheckpointAheadOfItsReports_IsNotBelieved()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Host.Apply(new StudyInput.Reported(StudyDriver.Fence(trial), StudyDriver.Metric(1, 0.5), new Checkpoint(3, "k")));
        (trial.Epochs, trial.CheckpointEpoch).ShouldBe((1, 0));
    }

    [Fact]
    public void Apply_CheckpointKeyReused_StillAdvances()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            study.Host.Apply(new StudyInput.Reported(StudyDriver.Fence(trial), StudyDriver.Metric(epoch, 0.5), new Checkpoint(epoch, "k")))
                .ReplacedCheckpoints.ShouldBeEmpty();
        }

        (trial.CheckpointEpoch, trial.CheckpointKey).ShouldBe((2, "k"));
    }

    [Fact]
    public void Apply_NewerCheckpoint_NamesTheReplacedOne()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Report(trial, 1, 0.5, checkpoint: true).ReplacedCheckpoints.ShouldBeEmpty();
        study.Report(trial, 2, 0.5, checkpoint: true).ReplacedCheckpoints.ShouldBe(["trials/0/1/1"]);
        study.Report(trial, 1, 0.5, checkpoint: true).ReplacedCheckpoints.ShouldBeEmpty();
        trial.CheckpointEpoch.ShouldBe(2);
    }

    [Fact]
    public void Apply_EventsOfAnOldAttempt_ChangeNothing()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        AttemptFence old = StudyDriver.Fence(trial);
        study.Start(trial);
        study.TakeBack(trial);
        StudyInput[] late =
        [
            new StudyInput.Started(old, new TrialFacts { Threads = 9 }),
            new StudyInput.Reported(old, StudyDriver.Metric(1, 0.1), new Checkpoint(1, "k")),
            new StudyInput.SegmentCompleted(old, [StudyDriver.Metric(3, 0.1)], new Checkpoint(3, "k"), null, false, 9),
            new StudyInput.SegmentReturned(old, [], null, true, 9),
            new StudyInput.TrialFailed(old, [], FailureKind.Internal, "late", false, 9),
            new StudyInput.TakenBack(old, true),
        ];
        late.ShouldAllBe(input => !study.Host.Apply(input).Applied);
        study.Assign(0);
        late.ShouldAllBe(input => !study.Host.Apply(input).Applied);
        AttemptFence thief = new(0, trial.Attempt, Other);
        study.Host.Apply(new StudyInput.TakenBack(thief, true)).Applied.ShouldBeFalse();
        (trial.State, trial.Epochs, trial.LostAttempts).ShouldBe((TrialState.Dispatched, 0, 1));
    }

    [Fact]
    public void Apply_ReportsOutOfOrderAndRepeated_SumUpAsInOrder()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        foreach (int epoch in new[] { 2, 1, 2, 1 })
        {
            study.Report(trial, epoch, 1.0 / epoch, seconds: 2);
        }

        (trial.Epochs, trial.Value, trial.BestEpoch, trial.LastValue).ShouldBe((2, 0.5, 2, 0.5));
        (study.Study.EpochsExecuted, study.Study.EpochsInFlight).ShouldBe((2L, 1L));
        study.Complete(trial, [StudyDriver.Metric(1, 1, 2), StudyDriver.Metric(2, 0.5, 2), StudyDriver.Metric(3, 0.7, 2)]);
        (study.Study.EpochsExecuted, trial.DeviceSeconds, trial.Value).ShouldBe((3L, 6, 0.5));
    }

    [Fact]
    public void Apply_ReportBeyondTheSegment_IsDropped()
    {
        StudyDriver study = new(Specs.Halving(3, 1, 3) with { Baseline = false });
        Trial trial = study.Assign();
        study.Report(trial, 2, 0.1).Reports.ShouldBeEmpty();
        (trial.Epochs, trial.Value).ShouldBe((0, null));
    }

    [Fact]
    public void Apply_SegmentEndsShort_FailsAsInternal()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Complete(trial, [StudyDriver.Metric(1, 0.5)]);
        (trial.State, trial.ErrorKind).ShouldBe((TrialState.Failed, FailureKind.Internal));
    }

    [Fact]
    public void Apply_StoppedEarly_IsComplete()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Complete(trial, [StudyDriver.Metric(1, 0.5)], stoppedEarly: true);
        (trial.State, study.Study.BestNumber, study.Study.EpochsInFlight).ShouldBe((TrialState.Completed, 0, 0L));
    }

    [Fact]
    public void Apply_Diverged_IsPrunedWithoutValueAndNoFailure()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        study.Diverge(trial, 3).Decisions[0].ShouldBe(new Decision.Prune(0, true));
        (trial.State, trial.Diverged, trial.DivergedEpoch, trial.Value, trial.Loss).ShouldBe((TrialState.Pruned, true, 3, null, null));
        study.Study.FailedAll.ShouldBe(0);
    }

    [Fact]
    public void Apply_OfferOfATrialThatIsNotThere_Throws()
    {
        StudyDriver study = One();
        Should.Throw<InvalidOperationException>(() => study.Host.Rules.Apply(study.Study, null, new StudyInput.Offered(Other, 5), study.Host.Now));
        study.Study.Created.ShouldBe(0);
    }

    [Fact]
    public void Apply_CompletionJustBeforeGiveUp_StaysComplete()
    {
        StudyDriver study = One();
        Trial trial = study.Assign();
        AttemptFence fence = StudyDriver.Fence(trial);
        study.Complete(trial, 0.5);
        study.Host.Apply(new StudyInput.TakenBack(fence, true)).Applied.ShouldBeFalse();
        trial.State.ShouldBe(TrialState.Completed);
    }

    private static StudyDriver One(int maxLostAttempts = 5) => new(Specs.Random(1) with { Baseline = false, Dataset = null }, maxLostAttempts);
}
