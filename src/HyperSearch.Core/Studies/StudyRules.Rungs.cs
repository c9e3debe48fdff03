using System.Collections.Immutable;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

// Rungs and ordered results.
public sealed partial class StudyRules
{
    private static RungView View(Study study) => new(study.RungsInOrder, study.Trials, study.Created, study.Waiting + study.Dispatched + study.Running);

    private Candidate? Promotable(Study study) => study.Rungs.Count == 0 ? null : _scheduler.Next(View(study));

    /// <summary>A rung decides as a whole: its best go on, its other paused trials are pruned.</summary>
    private static void Promote(Step step, Promotion promotion)
    {
        Study study = step.Study;
        Rung rung = study.Rung(promotion.Bracket, promotion.Rung)!;
        rung.Decided = true;
        if (rung.Paused > 0)
        {
            study.MoveAll(TrialState.Paused, TrialState.Waiting, promotion.Count);
            study.MoveAll(TrialState.Paused, TrialState.Pruned, rung.Paused - promotion.Count);
            study.HistorySequence++;
            step.Outcome.Decide(new Decision.Promote(promotion.Bracket, promotion.Rung, promotion.Count, promotion.ToEpoch));
        }

        // Nobody at the top, or nobody left: above it there is nothing to wait for.
        rung.Paused = 0;
        rung.Promoted = promotion.Count;
        if (study.Rung(promotion.Bracket, promotion.Rung + 1) is { } next)
        {
            next.Entered = promotion.Count;
            next.Waiting = promotion.Count;
        }
    }

    /// <summary>One paused trial goes on.</summary>
    private static void GoOn(Step step, Trial trial, Candidate candidate)
    {
        Study study = step.Study;
        Rung rung = study.Rung(candidate.Bracket, candidate.Rung)!;
        Standing standing = rung.Open!.Value;
        Counted(study, trial, candidate, static (t, to) => t.Place(to.Bracket, to.Rung + 1, to.ToEpoch));
        rung.Promoted++;
        rung.Take(standing, step.View.Rung);
        step.Outcome.Change(new(candidate.Bracket, candidate.Rung, trial.Number, StandingChangeKind.Take));
        step.Outcome.Decide(new Decision.GoOn(trial.Number, candidate.Rung, candidate.ToEpoch));
    }

    /// <summary>The trial ended in its rung, with a value or diverged.</summary>
    private void EndInRung(Step step, Trial trial)
    {
        if (step.Study.Rung(trial.Bracket, trial.Rung) is not { } rung)
        {
            return;
        }

        rung.Ended++;
        rung.Finite += trial.Loss is null ? 0 : 1;
        if (_scheduler.Places(rung) is not { } places)
        {
            return;
        }

        if (trial.Loss is { } loss)
        {
            rung.Insert(new(loss, trial.Number), places, step.View.Rung);
            step.Outcome.Change(new(rung.Bracket, rung.Index, trial.Number, StandingChangeKind.Insert, loss));
        }
        else
        {
            rung.Widen(places, step.View.Rung);
        }
    }

    /// <summary>A user ended a trial that was paused in its rung: its result no longer counts there.</summary>
    private void LeaveRung(Step step, Trial trial)
    {
        if (step.Study.Rung(trial.Bracket, trial.Rung) is not { } rung)
        {
            return;
        }

        rung.Ended--;
        rung.Finite -= trial.Loss is null ? 0 : 1;
        if (_scheduler.Places(rung) is { } places && trial.Loss is { } loss)
        {
            rung.Remove(new(loss, trial.Number), places, step.View.Rung);
            step.Outcome.Change(new(rung.Bracket, rung.Index, trial.Number, StandingChangeKind.Remove));
        }
        else if (_scheduler.Places(rung) is { } fewer)
        {
            rung.Widen(fewer, step.View.Rung);
        }
    }

    /// <summary>Epochs whose running averages an input touches.</summary>
    private static ImmutableArray<int> AveragedEpochs(Trial trial, StudyInput input) => input switch
    {
        StudyInput.Reported r => r.Report.Epoch > trial.Averaged ? [r.Report.Epoch] : [],
        StudyInput.SegmentCompleted { DivergedEpoch: not null } => [.. Enumerable.Range(1, trial.Averaged)],
        StudyInput.SegmentCompleted c => Behind(trial.Averaged, c.Reports),
        StudyInput.SegmentReturned r => Behind(trial.Averaged, r.Reports),
        StudyInput.TrialFailed f => Behind(trial.Averaged, f.Reports),
        StudyInput.Offered { Rewound: { } rewound } => [.. Enumerable.Range(1, trial.Averaged).Skip(rewound.Averaged)],
        _ => [],
    };

    private static ImmutableArray<int> Behind(int epoch, IReadOnlyList<EpochReport> reports) =>
        [.. reports.Select(r => r.Epoch).Where(e => e > epoch).Distinct()];

    /// <summary>
    /// The summary that a trial goes on from. A report that overtook another leaves a gap which the end of the segment fills; a
    /// trial that went back before that has no running averages behind the gap, although all its reports are there by now.
    /// </summary>
    private static TrialSummary? Rewound(Trial? trial, StudyInput.Offered offered) => offered.Rewound is { } rewound && rewound.Averaged > trial?.Averaged
        ? rewound with { Averaged = trial.Averaged, Sum = trial.AverageSum } : offered.Rewound;

    /// <summary>Puts a new running average among those of its epoch.</summary>
    private void Average(Step step, Trial trial, int epoch)
    {
        if (_stopping is null || !trial.IsSearched)
        {
            return;
        }

        (EpochRanking ranking, Neighbourhood near) = step.View.Epochs[epoch];
        double loss = Spec.Objective.Loss(trial.AverageSum / trial.Averaged);
        ranking.Insert(new(loss, trial.Number), near);
        step.Outcome.Change(new(EpochRanking.Bracket, epoch, trial.Number, StandingChangeKind.Insert, loss));
    }

    /// <summary>Takes the trial's running averages behind an epoch away.</summary>
    private void Forget(Step step, Trial trial, int behind)
    {
        if (_stopping is null || !trial.IsSearched)
        {
            return;
        }

        for (int epoch = trial.Averaged; epoch > behind; epoch--)
        {
            (EpochRanking ranking, Neighbourhood near) = step.View.Epochs[epoch];
            ranking.Remove(near.Own ?? throw new InvalidOperationException($"Trial {trial.Number} has no running average at epoch {epoch}."), near);
            step.Outcome.Change(new(EpochRanking.Bracket, epoch, trial.Number, StandingChangeKind.Remove));
        }
    }
}
