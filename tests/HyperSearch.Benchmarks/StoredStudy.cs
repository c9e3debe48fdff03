using HyperSearch.Api.Coordination;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Api.Trials;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Benchmarks;

/// <summary>A study that has already come far, by the rules themselves, written into a database.</summary>
internal static class StoredStudy
{
    private const int RowsAtOnce = 5_000;

    private static readonly Guid Worker = new(1, 0, 0, new byte[8]);

    /// <summary>What a trial measures.</summary>
    public static double Loss(int number, int epoch) => StableMix.Unit(StableMix.Fold(1, (ulong)number)) + (1.0 / epoch);

    /// <summary>Runs a study until that many trials exist and only new ones could start, and stores all its rows.</summary>
    /// <param name="dbs">The database.</param>
    /// <param name="spec">The study, with more trials than are made now.</param>
    /// <param name="ended">Trials that exist.</param>
    /// <param name="sampler">The sampler from now on; the trials so far are drawn.</param>
    public static async Task<string> CreateAsync(SearchDbs dbs, StudySpec spec, int ended, string sampler)
    {
        StudyHost host = new(spec) { Logs = false };
        while (host.TryNext(out int? number) && (number is not null || host.Study.Created < ended))
        {
            Train(host, host.Offer(Worker, number).Created ?? host.Trials[number!.Value]);
        }

        string name = spec.Algorithm.IsMultiFidelity ? spec.Algorithm.Name : sampler;
        StudySpec from = spec with { Algorithm = spec.Algorithm with { Name = name, Sampler = sampler } };
        await AddAsync(dbs, [host.Study]);
        await AddAsync(dbs, [NewStudy.Create(host.Study.Id, from, "{}", StudyPlan.Create(from, [])).Document]);
        await AddAsync(dbs, host.Trials.Values);
        await AddAsync(dbs, host.Rankings.Values);
        await AddAsync(dbs, Ranked(host));
        await AddReportsAsync(dbs, host);
        await using SearchDb db = dbs.Read();
        await db.Trials.Where(t => t.State == TrialState.Completed && t.Number != host.Study.BestNumber)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.CheckpointKey, (string?)null));
        await db.Database.ExecuteSqlRawAsync(dbs.IsPostgres ? "VACUUM ANALYZE" : "ANALYZE");
        return host.Study.Id;
    }

    private static void Train(StudyHost host, Trial trial)
    {
        AttemptFence fence = new(trial.Number, trial.Attempt, Worker);
        List<EpochReport> reports = [];
        for (int epoch = trial.FromEpoch + 1; epoch <= trial.ToEpoch && trial.State.IsAssigned(); epoch++)
        {
            reports.Add(new EpochReport { Epoch = epoch, ValLoss = Loss(trial.Number, epoch), Seconds = 1 });
            host.Apply(new StudyInput.Reported(fence, reports[^1], null));
        }

        host.Apply(new StudyInput.SegmentCompleted(fence, reports, new Checkpoint(trial.ToEpoch, $"{trial.Number}/{trial.ToEpoch}"), null, false, reports.Count));
    }

    private static IEnumerable<RankedResult> Ranked(StudyHost host) =>
        from level in host.Study.Rungs.Select(r => (r.Bracket, Level: r.Index)).Concat(host.Rankings.Keys.Select(epoch => (Bracket: -1, Level: epoch)))
        from standing in host.Standings.At(level.Bracket, level.Level)
        select new RankedResult
        {
            StudyId = host.Study.Id,
            Bracket = level.Bracket,
            Level = level.Level,
            Number = standing.Number,
            Loss = standing.Loss,
            Taken = host.Standings.IsTaken(level.Bracket, level.Level, standing.Number),
        };

    private static async Task AddAsync(SearchDbs dbs, IEnumerable<object> rows)
    {
        foreach (object[] chunk in rows.Chunk(RowsAtOnce))
        {
            await using WriteTransaction transaction = await dbs.WriteAsync(CancellationToken.None);
            transaction.Db.AddRange(chunk);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    private static async Task AddReportsAsync(SearchDbs dbs, StudyHost host)
    {
        IEnumerable<Report> reports = host.Trials.Keys.SelectMany(number => host.ReportsOf(number).Select(r => Report.From(host.Study.Id, number, r)));
        foreach (Report[] chunk in reports.Chunk(RowsAtOnce))
        {
            await using WriteTransaction transaction = await dbs.WriteAsync(CancellationToken.None);
            await transaction.Db.Sql.InsertReportsAsync(transaction.Db, chunk, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }
}
