using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Workers;

/// <summary>The slots that one open study can use now. Trials waiting for a rung and paused studies use none.</summary>
internal sealed record StudyDemand(string Pool, string? Precision, long Running, long Startable, double WaitingSeconds, double? DeviceSecondsLeft)
{
    public static async Task<List<StudyDemand>> ReadAsync(SearchDb db, StudyAnswers answers, StudyPlans plans, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await db.Studies.Include(s => s.Rungs)
            .Where(s => s.State == StudyState.Queued || s.State == StudyState.Running || s.State == StudyState.Paused || s.State == StudyState.Stopping)
            .Join(db.Documents, s => s.Id, d => d.StudyId, (s, d) => new { Study = s, Document = d }).ToListAsync(cancellationToken);
        List<StudySegment> segments = await db.Segments
            .Where(e => e.State == TrialState.Waiting || e.State == TrialState.Dispatched || e.State == TrialState.Running).ToListAsync(cancellationToken);
        List<StudyDemand> demand = [];
        foreach (var o in open)
        {
            StudyRules rules = answers.RulesOf(o.Document);
            long startable = rules.CountStartable(o.Study, await PromotableAsync(db, o.Study, cancellationToken));
            double? left = SecondsLeft(o.Study, plans.Of(o.Study, o.Document, rules.Spec), rules.Spec);
            demand.Add(Of(o.Study, o.Document, startable, left, [.. segments.Where(e => e.StudyId == o.Study.Id)], now));
        }

        return demand;
    }

    /// <summary>Paused trials that may go on one by one: those of a rung that are not behind its cut, along the index of its order.</summary>
    private static async Task<long> PromotableAsync(SearchDb db, Study study, CancellationToken cancellationToken)
    {
        long promotable = 0;
        foreach (Rung rung in StudyRules.Promoting(study))
        {
            Standing cut = rung.Cut.At!.Value;
            promotable += await db.Trials.CountAsync(
                t => t.StudyId == study.Id && t.State == TrialState.Paused && t.Bracket == rung.Bracket && t.Rung == rung.Index
                    && t.Loss <= cut.Loss && (t.Loss < cut.Loss || t.Number <= cut.Number),
                cancellationToken);
        }

        return promotable;
    }

    private static StudyDemand Of(Study study, StudyDocument document, long startable, double? secondsLeft, List<StudySegment> segments, DateTimeOffset now)
    {
        double waiting = (now - (study.OfferedAt ?? study.CreatedAt)).TotalSeconds;
        if (study.State == StudyState.Paused)
        {
            return new StudyDemand(document.Pool, document.Precision, 0, 0, 0, null);
        }

        long running = study.Assigned + segments.Count(e => e.State.IsAssigned());
        long waits = segments.Count(e => e.State == TrialState.Waiting);
        return new StudyDemand(document.Pool, document.Precision, running, startable + waits, Math.Max(0, waiting), secondsLeft);
    }

    private static double? SecondsLeft(Study study, StudyPlan plan, StudySpec spec)
    {
        if (study.EpochsExecuted == 0)
        {
            return null;
        }

        long planned = plan.TotalEpochs + plan.ConfirmEpochs + (spec.Baseline ? spec.Space.Constants.Epochs : 0);
        long epochs = Math.Max(0, planned - study.EpochsExecuted);
        double left = study.Scoring || study.State == StudyState.Stopping ? 0 : epochs * study.DeviceSeconds / study.EpochsExecuted;
        return spec.MaxDeviceSeconds is { } most ? Math.Min(left, Math.Max(0, most - study.DeviceSeconds)) : left;
    }
}
