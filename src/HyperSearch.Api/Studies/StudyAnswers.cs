using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Leaderboards;
using HyperSearch.Api.Persistence;
using HyperSearch.Contracts;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Studies;

/// <summary>Reads studies as they are answered with.</summary>
internal sealed class StudyAnswers(StudyRulesCache rules, StudyPlans plans)
{
    /// <summary>A study with its plan, its best trial and its baseline; null when it is gone.</summary>
    public async Task<StoredStudy?> ReadAsync(SearchDb db, string id, CancellationToken cancellationToken)
    {
        if (await db.Studies.SingleOrDefaultAsync(s => s.Id == id, cancellationToken) is not { } study
            || await db.Documents.SingleOrDefaultAsync(d => d.StudyId == id, cancellationToken) is not { } document)
        {
            return null;
        }

        StudySpec spec = RulesOf(document).Spec;
        StudySpec current = StudyView.CurrentOf(study, document, spec);
        StudyPlan plan = await plans.EstimateAsync(db, plans.Of(study, document, spec), current, study, cancellationToken);
        LeaderboardView view = await LeaderboardView.CreateAsync(db, id, spec, cancellationToken);
        Trial? best = await BestAsync(db, study, cancellationToken);
        int defaults = spec.BaselineNumber;
        Trial? baseline = await db.Trials.SingleOrDefaultAsync(t => t.StudyId == id && t.Number == defaults, cancellationToken);
        StudyResponse answer = StudyView.Of(study, document, current, plan) with
        {
            Best = best is null ? null : view.Of(best, 1),
            Baseline = baseline is null ? null : view.Of(baseline, null),
            Effects = defaults == Trial.BaselineNumber ? null : await EffectsAsync(db, id, spec, cancellationToken),
        };
        return new StoredStudy(answer, study.SpecVersion, document.Resolved);
    }

    /// <summary>The plan of a study with its estimate; null when it is gone.</summary>
    public async Task<StudyPlan?> ReadPlanAsync(SearchDb db, string id, CancellationToken cancellationToken)
    {
        if (await db.Studies.SingleOrDefaultAsync(s => s.Id == id, cancellationToken) is not { } study
            || await db.Documents.SingleOrDefaultAsync(d => d.StudyId == id, cancellationToken) is not { } document)
        {
            return null;
        }

        StudySpec spec = RulesOf(document).Spec;
        return await plans.EstimateAsync(db, plans.Of(study, document, spec), StudyView.CurrentOf(study, document, spec), study, cancellationToken);
    }

    /// <summary>What never changes about a study; null when it is gone.</summary>
    public async Task<StudySpec?> ReadSpecAsync(SearchDb db, string id, CancellationToken cancellationToken)
    {
        if (rules.Find(id) is { } known)
        {
            return known.Rules.Spec;
        }

        return await db.Documents.SingleOrDefaultAsync(d => d.StudyId == id, cancellationToken) is { } document ? rules.Add(document).Rules.Spec : null;
    }

    public StudyRules RulesOf(StudyDocument document) => (rules.Find(document.StudyId) ?? rules.Add(document)).Rules;

    /// <summary>The first searched row of the leaderboard that has a value. A completed one is known without looking.</summary>
    public static async Task<Trial?> BestAsync(SearchDb db, Study study, CancellationToken cancellationToken)
    {
        IQueryable<Trial> trials = db.Trials.Where(t => t.StudyId == study.Id);
        return study.BestNumber is { } number
            ? await trials.SingleOrDefaultAsync(t => t.Number == number, cancellationToken)
            : await trials.Where(t => t.Number != Trial.BaselineNumber && t.Confirms == null && t.Loss != null).Ranked().FirstOrDefaultAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<ParameterEffectResponse>> EffectsAsync(SearchDb db, string id, StudySpec spec, CancellationToken cancellationToken)
    {
        var trials = await db.Trials.Where(t => t.StudyId == id && t.Number >= 0 && t.Confirms == null)
            .Select(t => new { t.Number, t.Parameters, Value = t.State == TrialState.Completed ? t.Value : null }).ToListAsync(cancellationToken);
        return [.. ParameterEffects.Of(spec, trials.Select(t => (t.Number, t.Parameters, t.Value))).Select(e => new ParameterEffectResponse
        {
            Parameter = e.Hyperparameter.Name,
            Values = [.. e.Values.Select(v => Show(e.Hyperparameter, v))],
            Spread = LeaderboardView.Finite(e.Spread),
        })];
    }

    private static EffectOfValueResponse Show(Hyperparameter hyperparameter, EffectOfValue effect) => new()
    {
        Value = JsonSerializer.SerializeToElement(ParameterSet.Render(hyperparameter, effect.Value), (JsonSerializerOptions?)null),
        Number = effect.Number,
        MetricValue = effect.Metric,
        Delta = LeaderboardView.Finite(effect.Delta),
    };
}
