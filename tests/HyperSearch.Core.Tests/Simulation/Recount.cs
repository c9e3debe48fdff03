using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>Counts a study's rows afresh and compares them with what the study says of itself.</summary>
internal static class Recount
{
    public static void Check(StudyHost host)
    {
        Counters(host);
        Rungs(host);
        Budgets(host);
        foreach (Trial trial in host.Trials.Values)
        {
            Row(host, trial);
        }
    }

    private static void Counters(StudyHost host)
    {
        Study study = host.Study;
        List<Trial> searched = [.. host.Searched];
        int[] counts = new int[Enum.GetValues<TrialState>().Length];
        searched.ForEach(t => counts[(int)t.State]++);
        int[] said = [study.Waiting, study.Dispatched, study.Running, study.Paused, study.Completed, study.Pruned, study.Failed, study.Cancelled];
        for (TrialState state = 0; (int)state < counts.Length; state++)
        {
            Equal(said[(int)state], counts[(int)state], $"{state}");
        }

        Equal(study.Created, searched.Count, $"created");
        Equal(study.BaselineState, host.Trials.GetValueOrDefault(Trial.BaselineNumber)?.State, $"baseline");
        Equal(study.Assigned, host.Trials.Values.Count(t => t.State.IsAssigned()), $"assigned");
        Equal(study.FailedAll, host.Trials.Values.Count(t => t.State == TrialState.Failed), $"failed with the baseline");
        Equal(study.EpochsInFlight, host.Trials.Values.Sum(t => (long)t.InFlight), $"epochs in flight");
        True(study.EpochsExecuted >= host.Trials.Values.Sum(t => (long)t.Epochs), $"epochs executed");
        double seconds = host.Trials.Values.Sum(t => t.DeviceSeconds);
        True(Math.Abs(study.DeviceSeconds - seconds) < 1e-6 * (1 + seconds), $"device seconds");
        Trial? best = searched.Where(t => t.State == TrialState.Completed && t.Loss is not null).OrderBy(t => t.Loss).ThenBy(t => t.Number).FirstOrDefault();
        Equal(study.BestNumber, best?.Number, $"best");
    }

    private static void Rungs(StudyHost host)
    {
        bool open = host.Study.State is StudyState.Queued or StudyState.Running or StudyState.Paused;
        foreach (Rung rung in host.Study.Rungs)
        {
            List<Trial> here = [.. host.Searched.Where(t => t.Rung == rung.Index && t.Bracket == rung.Bracket)];
            int beyond = host.Searched.Count(t => t.Rung > rung.Index && t.Bracket == rung.Bracket);
            int uncreated = open && rung.Index == 0 ? host.Spec.Trials - host.Study.Created : 0;
            Equal(rung.Outstanding, uncreated + here.Count(t => t.State is TrialState.Waiting || t.State.IsAssigned()), $"outstanding in rung {rung.Index}");
            Equal(rung.Paused, here.Count(t => t.State == TrialState.Paused), $"paused in rung {rung.Index}");
            Equal(rung.Promoted, beyond, $"promoted from rung {rung.Index}");
            if (host.Study.State == StudyState.Cancelled)
            {
                continue; // What had ended in a rung is cancelled too; the rungs tell what was.
            }

            List<Trial> ended = here.FindAll(t => t.State is TrialState.Paused or TrialState.Completed or TrialState.Pruned);
            Equal(rung.Ended, beyond + ended.Count, $"ended in rung {rung.Index}");
            Equal(rung.Finite, beyond + ended.Count(t => t.Loss is not null), $"finite in rung {rung.Index}");
        }
    }

    private static void Budgets(StudyHost host)
    {
        Study study = host.Study;
        True(study.EpochsInFlight >= 0, $"epochs in flight are negative");
        True(study.Assigned <= (host.Spec.MaxParallel ?? int.MaxValue), $"more trials assigned than max_parallel");
        True(study.EpochsExecuted + study.EpochsInFlight <= (host.Spec.MaxEpochsTotal ?? long.MaxValue), $"more epochs than max_epochs_total");
        True(study.State.IsFinal() == study.FinishedAt.HasValue, $"finished_at");
        True(study.State == StudyState.Paused == study.PausedSince.HasValue, $"paused_since");
        True(!(study.State == StudyState.Queued && study.StartedAt.HasValue), $"queued after a start");
    }

    private static void Row(StudyHost host, Trial trial)
    {
        bool sound = trial.CheckpointEpoch <= trial.Epochs && trial.Epochs <= trial.ToEpoch && trial.ToEpoch <= trial.FullEpochs;
        True(sound, $"epochs of trial {trial.Number}: {trial.CheckpointEpoch} {trial.Epochs} {trial.ToEpoch} {trial.FullEpochs}");
        True(trial.State.IsFinal() == trial.FinishedAt.HasValue, $"finished_at of trial {trial.Number}");
        True(!(trial.State.IsAssigned() && trial.Incarnation is null), $"worker of trial {trial.Number}");
        True(!(trial.Diverged && trial.Value is not null), $"value of diverged trial {trial.Number}");
        TrialSummary fresh = TrialSummary.Of(host.ReportsOf(trial.Number), host.Spec.Objective);
        TrialSummary kept = trial.Diverged ? trial.Summary with { Value = fresh.Value } : trial.Summary;
        Equal(kept, fresh with { Epochs = trial.Epochs }, $"summary of trial {trial.Number}");
    }

    // Many thousands of calls: no text is made unless it is needed.
    private static void True(bool condition, FormattableString what)
    {
        if (!condition)
        {
            Assert.Fail(FormattableString.Invariant(what));
        }
    }

    private static void Equal<T>(T actual, T expected, FormattableString what)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            Assert.Fail($"{what.ToString(null)}: the study says {actual}, its rows say {expected}.");
        }
    }
}
