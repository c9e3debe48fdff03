using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Simulation;
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
        Averages(host);
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
        // A confirmation may prefer another one.
        Equal(study.Confirmed is null ? study.BestNumber : best?.Number, best?.Number, $"best");
    }

    private static void Rungs(StudyHost host)
    {
        foreach (Rung rung in host.Study.Rungs)
        {
            List<Trial> here = [.. host.Searched.Where(t => t.Rung == rung.Index && t.Bracket == rung.Bracket)];
            int beyond = host.Searched.Count(t => t.Rung > rung.Index && t.Bracket == rung.Bracket);
            Equal(rung.Waiting, here.Count(t => t.State == TrialState.Waiting), $"waiting for rung {rung.Index}");
            Equal(rung.Assigned, here.Count(t => t.State.IsAssigned()), $"assigned for rung {rung.Index}");
            Equal(rung.Entered, here.Count + beyond, $"entered rung {rung.Index}");
            Equal(rung.Paused, here.Count(t => t.State == TrialState.Paused), $"paused in rung {rung.Index}");
            Equal(rung.Promoted, beyond, $"promoted from rung {rung.Index}");
            if (host.Study.State == StudyState.Cancelled)
            {
                continue; // What had ended in a rung is cancelled too; the rungs tell what was.
            }

            List<Trial> ended = here.FindAll(t => t.State is TrialState.Paused or TrialState.Completed or TrialState.Pruned);
            Equal(rung.Ended, beyond + ended.Count, $"ended in rung {rung.Index}");
            Equal(rung.Finite, beyond + ended.Count(t => t.Loss is not null), $"finite in rung {rung.Index}");
            Order(host, rung);
        }
    }

    /// <summary>Where results are kept in order: cut and best open one are where a count of all results puts them.</summary>
    private static void Order(StudyHost host, Rung rung)
    {
        if (host.Spec.Algorithm.Name != "asha" || rung.Index == host.Study.Rungs.Count - 1)
        {
            return;
        }

        List<Standing> results = [.. host.Standings.At(rung.Bracket, rung.Index).Order()];
        Equal(results.Count, rung.Finite, $"ordered results in rung {rung.Index}");
        int places = Math.Min(rung.Ended / host.Spec.Algorithm.ReductionFactor!.Value, rung.Finite);
        Equal(rung.Cut, places == 0 ? default : new Cut(places, results[places - 1]), $"cut of rung {rung.Index}");
        Equal(rung.Open, results.Where(r => !host.Standings.IsTaken(rung.Bracket, rung.Index, r.Number)).Select(r => (Standing?)r).FirstOrDefault(), $"open in rung {rung.Index}");
    }

    /// <summary>Median stopping sees every running average of every trial that has not diverged.</summary>
    private static void Averages(StudyHost host)
    {
        if (host.Spec.Algorithm.Stopping is null)
        {
            return;
        }

        foreach ((int epoch, EpochRanking ranking) in host.Rankings)
        {
            List<double> losses = [.. host.Searched.Where(t => !t.Diverged && t.Averaged >= epoch).Select(t => Mean(host, t, epoch)).Order()];
            Equal(ranking.Count, losses.Count, $"running averages at epoch {epoch}");
            Equal(ranking.CutLoss, losses.Count == 0 ? null : losses[(losses.Count - 1) / 2], $"middle at epoch {epoch}");
        }
    }

    private static double Mean(StudyHost host, Trial trial, int epoch)
    {
        double sum = 0;
        foreach (EpochReport report in host.ReportsOf(trial.Number).TakeWhile(r => r.Epoch <= epoch))
        {
            sum += host.Spec.Objective.Of(report)!.Value;
        }

        return host.Spec.Objective.Loss(sum / epoch);
    }

    private static void Budgets(StudyHost host)
    {
        Study study = host.Study;
        True(study.EpochsInFlight >= 0, $"epochs in flight are negative");
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
        // A report that overtook another leaves a gap until the end of the segment repeats both.
        True(kept.Averaged <= fresh.Averaged, $"averaged epochs of trial {trial.Number}");
        fresh = fresh with { Averaged = kept.Averaged, Sum = kept.Sum };
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
