using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

// What the events of trials do.
public sealed partial class StudyRules
{
    private static void Start(Step step, StudyInput.Started started)
    {
        if (step.Trial is not { } trial || !IsCurrent(trial, started.By))
        {
            return;
        }

        step.Outcome.Applied = true;
        step.Outcome.Logged = false;
        Begin(step, trial);
        trial.Describe(started.Facts);
    }

    private void Report(Step step, StudyInput.Reported reported)
    {
        if (step.Trial is not { } trial || !IsCurrent(trial, reported.By))
        {
            return;
        }

        step.Outcome.Applied = true;
        var before = (trial.State, trial.Summary, trial.CheckpointEpoch, trial.CheckpointKey);
        Take(step, trial, [reported.Report], reported.Checkpoint, mayStop: true);
        step.Outcome.Logged = before != (trial.State, trial.Summary, trial.CheckpointEpoch, trial.CheckpointKey);
    }

    private void CompleteSegment(Step step, StudyInput.SegmentCompleted done)
    {
        if (step.Trial is not { } trial || !IsCurrent(trial, done.By))
        {
            return;
        }

        step.Outcome.Applied = true;
        if (done.DivergedEpoch is not null)
        {
            Forget(step, trial, 0);
        }

        Take(step, trial, done.Reports, done.Checkpoint, averages: done.DivergedEpoch is null);
        CountAttempt(step.Study, trial, done.DeviceSeconds);
        if (done.DivergedEpoch is { } epoch)
        {
            Counted(step.Study, trial, (epoch, step.Now), static (t, at) => t.Diverge(at.epoch, at.Now));
            EndInRung(step, trial);
            step.Outcome.Decide(new Decision.Prune(trial.Number, true));
        }
        else if (trial.Epochs < trial.ToEpoch && !done.StoppedEarly)
        {
            Fail(step, trial, FailureKind.Internal, $"The segment ended at epoch {trial.Epochs} instead of {trial.ToEpoch}.");
        }
        else
        {
            EndSegment(step, trial, complete: done.StoppedEarly || trial.Epochs >= trial.FullEpochs);
        }
    }

    private void EndSegment(Step step, Trial trial, bool complete)
    {
        Study study = step.Study;
        TrialState state = complete ? TrialState.Completed
            : study.State == StudyState.Stopping || !_scheduler.Compares(trial.Bracket, trial.Rung) ? TrialState.Pruned
            : TrialState.Paused;
        Counted(study, trial, (state, step.Now), static (t, to) => t.EndSegment(to.state, to.Now));
        EndInRung(step, trial);
        switch (state)
        {
            case TrialState.Completed:
                step.Outcome.Decide(new Decision.Complete(trial.Number));
                Consider(step, trial);
                break;
            case TrialState.Paused:
                step.Outcome.Decide(new Decision.AwaitRung(trial.Number));
                break;
            default:
                step.Outcome.Decide(new Decision.Prune(trial.Number, false));
                break;
        }
    }

    private void ReturnSegment(Step step, StudyInput.SegmentReturned returned)
    {
        if (step.Trial is not { } trial || !IsCurrent(trial, returned.By))
        {
            return;
        }

        step.Outcome.Applied = true;
        if (returned.ChildDied || returned.Reports.Count > 0 || returned.Checkpoint is not null)
        {
            Take(step, trial, returned.Reports, returned.Checkpoint);
        }

        if (returned.MicroBatch is { } fits)
        {
            trial.GoOnWith(fits);
        }

        CountAttempt(step.Study, trial, returned.DeviceSeconds);
        GoBack(step, trial, returned.ChildDied ? FailureKind.Internal : null);
    }

    private void FailTrial(Step step, StudyInput.TrialFailed failed)
    {
        if (step.Trial is not { } trial || !IsCurrent(trial, failed.By))
        {
            return;
        }

        step.Outcome.Applied = true;
        Take(step, trial, failed.Reports, null);
        CountAttempt(step.Study, trial, failed.DeviceSeconds);
        bool again = failed.Retryable && trial.Retries == 0 && failed.Kind is FailureKind.DatasetError or FailureKind.OutOfMemory;
        if (!again || step.Study.State == StudyState.Stopping)
        {
            Fail(step, trial, failed.Kind, failed.Message);
            return;
        }

        Counted(step.Study, trial, failed.By.Incarnation, static (t, avoided) => t.Retry(avoided));
        step.Outcome.Decide(new Decision.Return(trial.Number, false));
    }

    private void TakeBack(Step step, StudyInput.TakenBack taken)
    {
        if (step.Trial is not { } trial || !IsCurrent(trial, taken.By))
        {
            return;
        }

        step.Outcome.Applied = true;
        if (taken.WasRunning)
        {
            Begin(step, trial);
        }

        // Starts are not in the log, but whether a loss counts depends on them.
        step.Outcome.Recorded = taken with { WasRunning = trial.State == TrialState.Running };
        GoBack(step, trial, taken.Lost ? FailureKind.WorkerLost : null);
    }

    /// <summary>Back to be assigned again; a lost attempt is counted, and one too many fails the trial.</summary>
    private void GoBack(Step step, Trial trial, FailureKind? lostTo)
    {
        if (trial.CheckpointEpoch >= trial.ToEpoch)
        {
            // All of the segment is durable; only the word of its end is missing. A mere start is not in the log, so it must not matter.
            Begin(step, trial);
            EndSegment(step, trial, complete: trial.Epochs >= trial.FullEpochs);
            return;
        }

        bool lost = lostTo is not null && trial.State == TrialState.Running;
        bool usedUp = false;
        TrialStanding before = TrialStanding.Of(trial);
        if (lostTo is null)
        {
            trial.Return();
        }
        else
        {
            usedUp = trial.Lose(_maxLostAttempts);
        }

        step.Study.Count(trial, before);
        if (usedUp)
        {
            Fail(step, trial, lostTo!.Value, $"{trial.LostInARow} attempts in a row were lost without a checkpoint beyond epoch {trial.CheckpointEpoch}.");
            return;
        }

        step.Outcome.Decide(new Decision.Return(trial.Number, lost));
        if (step.Study.State == StudyState.Stopping)
        {
            // Nothing is assigned any more, so what waits has ended.
            Counted(step.Study, trial, step.Now, static (t, now) => t.Cancel(now));
        }
    }

    private static void Fail(Step step, Trial trial, FailureKind kind, string message)
    {
        Counted(step.Study, trial, (kind, message, step.Now), static (t, why) => t.Fail(why.kind, why.message, why.Now));
        step.Outcome.Decide(new Decision.Fail(trial.Number, kind));
    }

    /// <summary>Folds in reports and checkpoint of a running attempt. An event of the current attempt implies its start.</summary>
    private void Take(Step step, Trial trial, IReadOnlyList<EpochReport> reports, Checkpoint? checkpoint, bool mayStop = false, bool averages = true)
    {
        Begin(step, trial);
        Objective objective = Spec.Objective;
        bool behind = false;
        foreach (EpochReport report in reports)
        {
            // What is averaged was taken in before, and a segment's end repeats it.
            if (report.Epoch <= Math.Max(trial.FromEpoch, trial.Averaged) || report.Epoch > trial.ToEpoch)
            {
                continue;
            }

            int fresh = Math.Max(0, report.Epoch - trial.Epochs);
            double seconds = fresh > 0 ? report.Seconds : 0;
            int averaged = trial.Averaged;
            TrialStanding before = TrialStanding.Of(trial);
            trial.Report(trial.Summary.Add(report, objective), objective.Maximize, seconds);
            step.Study.Count(trial, before);
            step.Study.EpochsExecuted += fresh;
            step.Study.DeviceSeconds += seconds;
            step.Outcome.Store(report);
            if (trial.Averaged > averaged && averages)
            {
                behind = mayStop && IsBehind(step, trial);
                Average(step, trial, trial.Averaged);
            }
        }

        if (checkpoint is not null && trial.Record(checkpoint) is { } replaced)
        {
            step.Outcome.Replace(replaced);
        }

        if (behind)
        {
            Counted(step.Study, trial, step.Now, static (t, now) => t.Stop(now));
            step.Outcome.Decide(new Decision.Stop(trial.Number));
        }
    }

    /// <summary>Whether the stopping rule gives a trial up at the epoch it has just reported. A finished one and the baseline are never given up.</summary>
    private bool IsBehind(Step step, Trial trial) => _stopping is not null && trial.IsSearched && trial.Averaged < trial.FullEpochs
        && step.View.Epochs[trial.Averaged] is var (ranking, near)
        && _stopping.Stops(trial.Averaged, trial.BestValue is { } best ? Spec.Objective.Loss(best) : null, ranking, near);

    private static void Begin(Step step, Trial trial) => Counted(step.Study, trial, step.Now, static (t, now) => t.Start(now));

    private static void CountAttempt(Study study, Trial trial, double seconds)
    {
        double before = trial.DeviceSeconds;
        trial.CountAttempt(seconds);
        study.DeviceSeconds += trial.DeviceSeconds - before;
    }

    private static bool IsCurrent(Trial trial, AttemptFence by) => trial.IsCurrent(by.Attempt, by.Incarnation);
}
