using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Workers;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace HyperSearch.Api.Studies;

/// <summary>What studies cost: epochs for the trials that they have now, time as it was measured.</summary>
internal sealed class StudyPlans(StudyRulesCache rules, TimeProvider time) : IDisposable
{
    // Of all studies that have run: enough to find one alike where a few models are in use.
    private const int NewestStudies = 100;

    // A plan is counted through where a grid searches epochs.
    private readonly MemoryCache _plans = new(new MemoryCacheOptions { SizeLimit = 1000 });

    /// <summary>The plan for the trials that a study has now, without an estimate; it warns where the study freezes more than its probe proposes.</summary>
    public StudyPlan Of(Study study, StudyDocument document, StudySpec spec)
    {
        StudyPlan plan = Counted(study, document, spec);
        return StudyRules.Probe(study)?.Proposal.Compare(spec.Space) is { } warning ? plan with { Warnings = [.. plan.Warnings, warning] } : plan;
    }

    private StudyPlan Counted(Study study, StudyDocument document, StudySpec spec) => _plans.GetOrCreate((study.Id, study.Trials), entry =>
    {
        entry.Size = 1;
        IReadOnlyList<WarningResponse> warnings = JsonSerializer.Deserialize(document.Plan, ApiJson.Written.PlanResponse)!.Warnings;
        // Which workers lived when it was created says nothing any more.
        return StudyPlan.Create(spec, [.. warnings.Where(w => w.Code != WarningCode.NoWorker).Select(w => new ValidationWarning(w.Code, w.Pointer, w.Detail))], study.Trials);
    })!;

    /// <summary>A plan with the time that it takes on the pool's living slots that have its precision, and a warning where only those are missing.</summary>
    /// <param name="db">The database.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="spec">The study as it is now.</param>
    /// <param name="study">The study; null for one that does not exist yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StudyPlan> EstimateAsync(SearchDb db, StudyPlan plan, StudySpec spec, Study? study, CancellationToken cancellationToken)
    {
        DateTimeOffset now = await db.Sql.NowAsync(db, time, cancellationToken);
        List<WorkerRow> workers = await db.Workers.AsNoTracking()
            .Where(w => w.State == WorkerState.Active && w.LeaseUntil > now && w.Pool == spec.Pool).ToListAsync(cancellationToken);
        int slots = workers.Where(w => Precisions.Suffice(w.Precisions, spec.NeededPrecision)).Sum(w => w.Slots);
        StudyPlan estimated = plan.WithEstimate(spec, await SecondsPerEpochAsync(db, spec, study, cancellationToken), slots);
        bool waits = slots == 0 && (workers.Count > 0 || spec.NeededPrecision is not (null or Precisions.Fp32)) && study?.State.IsFinal() != true;
        return waits ? estimated with { Warnings = [.. estimated.Warnings, NoWorker(spec)] } : estimated;
    }

    private static ValidationWarning NoWorker(StudySpec spec) =>
        new(WarningCode.NoWorker, "/precision", $"No living worker of pool {spec.Pool} trains in {spec.Precision}; the study waits until one does.");

    public void Dispose() => _plans.Dispose();

    /// <summary>
    /// Device seconds of one epoch: the study's own mean as soon as it has run, else the median over the means of the studies
    /// alike among the newest; null where none has run. What a synthetic epoch takes its options say.
    /// </summary>
    private async Task<double?> SecondsPerEpochAsync(SearchDb db, StudySpec spec, Study? study, CancellationToken cancellationToken)
    {
        if (spec.Model.Synthetic is not null)
        {
            return null;
        }

        if (study is { EpochsExecuted: > 0, DeviceSeconds: > 0 })
        {
            return study.DeviceSeconds / study.EpochsExecuted;
        }

        var newest = await db.Studies.Where(s => s.EpochsExecuted > 0 && s.DeviceSeconds > 0).OrderByDescending(s => s.CreatedAt).Take(NewestStudies)
            .Select(s => new { s.Id, Seconds = s.DeviceSeconds / s.EpochsExecuted }).ToListAsync(cancellationToken);
        Dictionary<string, StudySpec> specs = await SpecsAsync(db, [.. newest.Select(s => s.Id)], cancellationToken);
        double[] alike = [.. newest.Where(s => specs.TryGetValue(s.Id, out StudySpec? other) && AreAlike(spec, other)).Select(s => s.Seconds).Order()];
        return alike.Length == 0 ? null : (alike[(alike.Length - 1) / 2] + alike[alike.Length / 2]) / 2;
    }

    private async Task<Dictionary<string, StudySpec>> SpecsAsync(SearchDb db, string[] ids, CancellationToken cancellationToken)
    {
        Dictionary<string, StudySpec> specs = ids.Select(id => (id, Known: rules.Find(id))).Where(s => s.Known is not null).ToDictionary(s => s.id, s => s.Known!.Rules.Spec);
        string[] unknown = [.. ids.Where(id => !specs.ContainsKey(id))];
        foreach (StudyDocument document in await db.Documents.AsNoTracking().Where(d => unknown.Contains(d.StudyId)).ToListAsync(cancellationToken))
        {
            specs[document.StudyId] = rules.Add(document).Rules.Spec;
        }

        return specs;
    }

    private static bool AreAlike(StudySpec one, StudySpec other) => one.Model.Family.Name == other.Model.Family.Name && one.Dataset == other.Dataset;
}
