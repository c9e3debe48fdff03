using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Api.Trials;
using HyperSearch.Contracts;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Importances;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Leaderboards;

/// <summary>How much each searched parameter decides, from every trial that got to the lowest rung, or to its end where there are no rungs.</summary>
internal static class ImportanceView
{
    public static async Task<IResult> GetAsync(HttpContext context, string id, SearchDbs dbs, StudyAnswers answers, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag)
        {
            return Problems.NoStudy(id);
        }

        if (tag.Send(context))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (await answers.ReadSpecAsync(db, tag.Id, cancellationToken) is not { } spec)
        {
            return Problems.NoStudy(id);
        }

        return TypedResults.Ok(spec.Algorithm is { MinEpochs: { } least, MaxEpochs: { } most, ReductionFactor: { } eta }
            ? Show(PedAnova.Evaluate(spec.Space, await AtEpochAsync(db, tag.Id, spec, Ladder.Create(least, most, eta).Epochs[0], cancellationToken), 0))
            : Show(PedAnova.Evaluate(spec.Space, await CompletedAsync(db, tag.Id, cancellationToken), null)));
    }

    private static async Task<List<(ParameterSet, double)>> CompletedAsync(SearchDb db, string id, CancellationToken cancellationToken)
    {
        var trials = await db.Trials.Where(t => t.StudyId == id && t.State == TrialState.Completed && t.Number != Trial.BaselineNumber && t.Confirms == null && t.Loss != null)
            .OrderBy(t => t.Number).Select(t => new { t.Parameters, t.Loss }).ToListAsync(cancellationToken);
        return [.. trials.Select(t => (t.Parameters, t.Loss!.Value))];
    }

    /// <summary>What every trial had reported when it got to an epoch. One that diverged by then has no value, one that did so later has.</summary>
    private static async Task<List<(ParameterSet, double)>> AtEpochAsync(SearchDb db, string id, StudySpec spec, int epoch, CancellationToken cancellationToken)
    {
        var trials = await db.Trials
            .Where(t => t.StudyId == id && t.Number != Trial.BaselineNumber && t.Confirms == null && t.Epochs >= epoch && (t.DivergedEpoch == null || t.DivergedEpoch > epoch))
            .OrderBy(t => t.Number).Select(t => new { t.Number, t.Parameters }).ToListAsync(cancellationToken);
        Dictionary<int, double?> values = await ValuesAsync(db, id, spec.Objective, epoch, cancellationToken);
        return [.. trials.Where(t => values.GetValueOrDefault(t.Number) is not null).Select(t => (t.Parameters, spec.Objective.Loss(values[t.Number]!.Value)))];
    }

    private static async Task<Dictionary<int, double?>> ValuesAsync(SearchDb db, string id, Objective objective, int epoch, CancellationToken cancellationToken)
    {
        string metric = Report.PropertyOf(objective.Metric);
        IQueryable<Report> reports = db.Reports.Where(r => r.StudyId == id && (objective.BestEpoch ? r.Epoch <= epoch : r.Epoch == epoch));
        var values = reports.GroupBy(r => r.Number, r => EF.Property<double?>(r, metric));
        return objective.Maximize
            ? await values.Select(g => new { g.Key, Value = g.Max() }).ToDictionaryAsync(g => g.Key, g => g.Value, cancellationToken)
            : await values.Select(g => new { g.Key, Value = g.Min() }).ToDictionaryAsync(g => g.Key, g => g.Value, cancellationToken);
    }

    private static ImportanceResponse Show(ImportanceResult result) => new()
    {
        Method = result.Method,
        Rung = result.Rung,
        N = result.Trials,
        Best = (result as ImportanceResult.Known)?.Best,
        TooFew = result is ImportanceResult.TooFew,
        Unstable = result.Trials < PedAnova.FewestStableTrials,
        Items = result is ImportanceResult.Known known
            ? [.. known.Importances.Select(i => new ImportanceEntry { Parameter = i.Hyperparameter.Name, Importance = i.Importance })]
            : [],
    };
}
