using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Workers;

/// <summary>The slots that one open study can use now. Trials waiting for a rung and paused studies use none.</summary>
internal sealed record StudyDemand(string Pool, long Running, long Startable, double WaitingSeconds, double? DeviceSecondsLeft)
{
    public static async Task<List<StudyDemand>> ReadAsync(SearchDb db, StudyAnswers answers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await db.Studies
            .Where(s => s.State == StudyState.Queued || s.State == StudyState.Running || s.State == StudyState.Paused || s.State == StudyState.Stopping)
            .Join(db.Documents, s => s.Id, d => d.StudyId, (s, d) => new { Study = s, Document = d }).ToListAsync(cancellationToken);
        List<Evaluation> scoring = await db.Evaluations
            .Where(e => e.State == TrialState.Waiting || e.State == TrialState.Dispatched || e.State == TrialState.Running).ToListAsync(cancellationToken);
        return [.. open.Select(o => Of(o.Study, o.Document, answers.SpecOf(o.Document), [.. scoring.Where(e => e.StudyId == o.Study.Id)], now))];
    }

    private static StudyDemand Of(Study study, StudyDocument document, StudySpec spec, List<Evaluation> scoring, DateTimeOffset now)
    {
        double waiting = (now - (study.OfferedAt ?? study.CreatedAt)).TotalSeconds;
        if (study.State == StudyState.Paused)
        {
            return new StudyDemand(document.Pool, 0, 0, 0, null);
        }

        long running = study.Assigned + scoring.Count(e => e.State.IsAssigned());
        long startable = study.Scoring ? scoring.Count(e => e.State == TrialState.Waiting) : CountStartable(study, spec);
        return new StudyDemand(document.Pool, running, startable, Math.Max(0, waiting), SecondsLeft(study, document, spec));
    }

    private static long CountStartable(Study study, StudySpec spec)
    {
        if (study.State == StudyState.Stopping)
        {
            return 0;
        }

        bool baseline = study.BaselineState is TrialState.Waiting || (spec.Baseline && study.BaselineState is null);
        long startable = spec.Trials - study.Created + study.Waiting + (baseline ? 1 : 0);
        if (spec.MaxParallel is { } most)
        {
            startable = Math.Min(startable, Math.Max(0, most - study.Assigned));
        }

        if (spec.MaxEpochsTotal is { } epochs)
        {
            startable = Math.Min(startable, Math.Max(0, epochs - study.EpochsExecuted - study.EpochsInFlight) / ShortestSegment(spec));
        }

        return startable;
    }

    private static int ShortestSegment(StudySpec spec) => spec.Algorithm.MinEpochs
        ?? (int?)spec.Space.Domains.FirstOrDefault(d => d.Hyperparameter == HyperparameterCatalog.Epochs)?.Smallest
        ?? spec.Space.Constants.Epochs;

    private static double? SecondsLeft(Study study, StudyDocument document, StudySpec spec)
    {
        if (study.EpochsExecuted == 0)
        {
            return null;
        }

        long epochs = Math.Max(0, StudyView.ReadPlan(document).MaxTotalEpochs - study.EpochsExecuted);
        double left = study.Scoring || study.State == StudyState.Stopping ? 0 : epochs * study.DeviceSeconds / study.EpochsExecuted;
        return spec.MaxDeviceSeconds is { } most ? Math.Min(left, Math.Max(0, most - study.DeviceSeconds)) : left;
    }
}
