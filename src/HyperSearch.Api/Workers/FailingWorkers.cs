using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Workers;

/// <summary>
/// Remembers the failures of every worker and drains one that fails at what others do. In transactions of its own, behind
/// those of the studies: worker rows are locked before trials elsewhere. An end that is not noted is no harm.
/// </summary>
internal sealed partial class FailingWorkers(SearchDbs dbs, TimeProvider time, ILogger<FailingWorkers> logger)
{
    // Entries of a study's decision log in which a completed segment is looked for, newest first.
    private const int Newest = 10_000;
    private const string Completed = "{\"type\":\"segment_completed\"";

    /// <summary>Notes ends that have been applied and committed.</summary>
    /// <param name="ends">In their order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task NoteAsync(IReadOnlyList<TrialEnd> ends, CancellationToken cancellationToken)
    {
        try
        {
            HashSet<Guid> concerned = [.. ends.Where(e => e.Failed).Select(e => e.Incarnation), .. await FailingAsync(ends, cancellationToken)];
            foreach (Guid incarnation in concerned)
            {
                if (await NoteAsync(incarnation, [.. ends.Where(e => e.Incarnation == incarnation)], cancellationToken))
                {
                    await DrainAsync(incarnation, cancellationToken);
                }
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogNotNoted(logger, ends.Count, error);
        }
    }

    /// <summary>Workers that have failures to be forgotten. Those that only ever complete cost one read.</summary>
    private async Task<List<Guid>> FailingAsync(IReadOnlyList<TrialEnd> ends, CancellationToken cancellationToken)
    {
        Guid[] completing = [.. ends.Where(e => !e.Failed).Select(e => e.Incarnation).Distinct()];
        if (completing.Length == 0)
        {
            return [];
        }

        await using SearchDb db = dbs.Read();
        return await db.Workers.Where(w => completing.Contains(w.Incarnation) && w.FailingSince != null).Select(w => w.Incarnation).ToListAsync(cancellationToken);
    }

    /// <summary>Returns whether the worker is suspect now.</summary>
    private async Task<bool> NoteAsync(Guid incarnation, TrialEnd[] ends, CancellationToken cancellationToken)
    {
        await using WriteTransaction transaction = await dbs.WriteAsync(cancellationToken);
        SearchDb db = transaction.Db;
        DateTimeOffset now = await db.Sql.NowAsync(db, time, cancellationToken);
        if (await db.Sql.LockWorker(db, incarnation).SingleOrDefaultAsync(cancellationToken) is not { } worker)
        {
            return false;
        }

        worker.Health = ends.Aggregate(worker.Health, (health, end) => health.After(end.Trial, end.Failed, now));
        await transaction.CommitAsync(cancellationToken);
        return worker is { State: WorkerState.Active, Health.IsSuspect: true };
    }

    /// <summary>All workers of the pool are locked, in one order, so that two that fail at the same time do not leave it empty.</summary>
    private async Task DrainAsync(Guid incarnation, CancellationToken cancellationToken)
    {
        await using WriteTransaction transaction = await dbs.WriteAsync(cancellationToken);
        SearchDb db = transaction.Db;
        DateTimeOffset now = await db.Sql.NowAsync(db, time, cancellationToken);
        if (!await PoolOf(db, incarnation).AnyAsync(w => w.Incarnation != incarnation && w.State == WorkerState.Active && w.LeaseUntil > now, cancellationToken))
        {
            // The last one is never drained; one that fails on and on must not cost more at each failure.
            return;
        }

        Dictionary<Guid, WorkerRow> pool = [];
        foreach (Guid mate in await PoolOf(db, incarnation).Select(w => w.Incarnation).Order().ToListAsync(cancellationToken))
        {
            pool[mate] = await db.Sql.LockWorker(db, mate).SingleAsync(cancellationToken);
        }

        if (!pool.Remove(incarnation, out WorkerRow? worker) || worker is not { State: WorkerState.Active, Health: { IsSuspect: true, FailingSince: { } since } health })
        {
            return;
        }

        HashSet<string> completed = [];
        foreach (string study in health.Failures.Select(f => f.StudyId).Distinct())
        {
            if (await IsCompletedByAsync(db, study, since, pool, cancellationToken))
            {
                completed.Add(study);
            }
        }

        if (health.DrainReason(completed, pool.Values.Count(w => w.State == WorkerState.Active && w.LeaseUntil > now)) is { } reason)
        {
            worker.State = WorkerState.Draining;
            worker.DrainReason = reason;
            await transaction.CommitAsync(cancellationToken);
            LogDrained(logger, incarnation, reason);
        }
    }

    private static IQueryable<WorkerRow> PoolOf(SearchDb db, Guid incarnation) =>
        db.Workers.Where(w => db.Workers.Any(o => o.Incarnation == incarnation && o.Pool == w.Pool));

    private static async Task<bool> IsCompletedByAsync(SearchDb db, string studyId, DateTimeOffset since, Dictionary<Guid, WorkerRow> workers, CancellationToken cancellationToken)
    {
        long oldest = await db.Studies.Where(s => s.Id == studyId).Select(s => s.LastDecision).SingleOrDefaultAsync(cancellationToken) - Newest;
        List<DecisionLogEntry> completed = await db.Decisions.AsNoTracking()
            .Where(d => d.StudyId == studyId && d.Sequence > oldest && d.At >= since && d.Input.StartsWith(Completed)).ToListAsync(cancellationToken);
        return completed.Any(d => d.ReadInput() is StudyInput.SegmentCompleted segment && workers.ContainsKey(segment.By.Incarnation));
    }

    [LoggerMessage(LogLevel.Warning, "Worker {Incarnation} is drained: {Reason}")]
    private static partial void LogDrained(ILogger logger, Guid incarnation, string reason);

    [LoggerMessage(LogLevel.Warning, "{Count} ends of segments were not noted with their workers")]
    private static partial void LogNotNoted(ILogger logger, int count, Exception error);
}
