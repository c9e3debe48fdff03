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
        (Study study, List<Trial> searched) = (host.Study, [.. host.Searched]);
        Dictionary<TrialState, int> counts = Enum.GetValues<TrialState>().ToDictionary(s => s, s => searched.Count(t => t.State == s));
        Equal(study.Waiting, counts[TrialState.Waiting], "waiting");
        Equal(study.Dispatched, counts[TrialState.Dispatched], "dispatched");
        Equal(study.Running, counts[TrialState.Running], "running");
        Equal(study.Paused, counts[TrialState.Paused], "paused");
        Equal(study.Completed, counts[TrialState.Completed], "completed");
        Equal(study.Pruned, counts[TrialState.Pruned], "pruned");
        Equal(study.Failed, counts[TrialState.Failed], "failed");
        Equal(study.Cancelled, counts[TrialState.Cancelled], "cancelled");
        Equal(study.Created, searched.Count, "created");
        Equal(study.BaselineState, host.Trials.GetValueOrDefault(Trial.BaselineNumber)?.State, "baseline");
        Equal(study.Assigned, host.Trials.Values.Count(t => t.State.IsAssigned()), "assigned");
        Equal(study.FailedAll, host.Trials.Values.Count(t => t.State == TrialState.Failed), "failed with the baseline");
        Equal(study.EpochsInFlight, host.Trials.Values.Sum(t => (long)t.InFlight), "epochs in flight");
        (study.EpochsExecuted >= host.Trials.Values.Sum(t => (long)t.Epochs)).ShouldBeTrue("epochs executed");
        study.DeviceSeconds.ShouldBe(host.Trials.Values.Sum(t => t.DeviceSeconds), 1e-6 * (1 + study.DeviceSeconds));
        Trial? best = searched.Where(t => t.State == TrialState.Completed && t.Loss is not null).OrderBy(t => t.Loss).ThenBy(t => t.Number).FirstOrDefault();
        Equal(study.BestNumber, best?.Number, "best");
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
        (study.EpochsInFlight >= 0).ShouldBeTrue("epochs in flight are negative");
        (study.Assigned <= (host.Spec.MaxParallel ?? int.MaxValue)).ShouldBeTrue("more trials assigned than max_parallel");
        (study.EpochsExecuted + study.EpochsInFlight <= (host.Spec.MaxEpochsTotal ?? long.MaxValue)).ShouldBeTrue("more epochs than max_epochs_total");
        (study.State.IsFinal() == study.FinishedAt.HasValue).ShouldBeTrue("finished_at");
        (study.State == StudyState.Paused == study.PausedSince.HasValue).ShouldBeTrue("paused_since");
        (study.State == StudyState.Queued && study.StartedAt.HasValue).ShouldBeFalse("queued after a start");
    }

    private static void Row(StudyHost host, Trial trial)
    {
        bool sound = trial.CheckpointEpoch <= trial.Epochs && trial.Epochs <= trial.ToEpoch && trial.ToEpoch <= trial.FullEpochs;
        sound.ShouldBeTrue($"epochs of trial {trial.Number}: {trial.CheckpointEpoch} {trial.Epochs} {trial.ToEpoch} {trial.FullEpochs}");
        (trial.State.IsFinal() == trial.FinishedAt.HasValue).ShouldBeTrue($"finished_at of trial {trial.Number}");
        (trial.State.IsAssigned() && trial.Incarnation is null).ShouldBeFalse($"worker of trial {trial.Number}");
        (trial.Diverged && trial.Value is not null).ShouldBeFalse($"value of diverged trial {trial.Number}");
        TrialSummary fresh = TrialSummary.Of(host.ReportsOf(trial.Number), host.Spec.Objective);
        TrialSummary kept = trial.Diverged ? trial.Summary with { Value = fresh.Value } : trial.Summary;
        Equal(kept, fresh with { Epochs = trial.Epochs }, $"summary of trial {trial.Number}");
    }

    // Shouldly reads the test's source on every call, too slow for many thousands.
    private static void Equal<T>(T actual, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            Assert.Fail($"{what}: the study says {actual}, its rows say {expected}.");
        }
    }
}
