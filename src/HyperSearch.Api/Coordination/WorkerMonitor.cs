using HyperSearch.Api.Persistence;
using HyperSearch.Api.Workers;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>Looks for leases that have run out, for budgets of time, and for rows that nobody needs any more.</summary>
internal sealed partial class WorkerMonitor(
    SearchDbs dbs, StudyTransactions transactions, TakingBack takingBack, ReconnectGrace grace, IBus bus,
    IOptions<CoordinationOptions> options, TimeProvider time, ILogger<WorkerMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan KeepFeed = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeepDay = TimeSpan.FromHours(24);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(options.Value.Lease / 5, time);
        DateTimeOffset cleaned = default;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            using CancellationTokenSource timeout = new(options.Value.Lease, time);
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, timeout.Token);
            try
            {
                await ProbeAsync(both.Token);
                await PassTimeAsync(both.Token);
                if (time.GetUtcNow() - cleaned > TimeSpan.FromMinutes(1))
                {
                    await CleanAsync(both.Token);
                    cleaned = time.GetUtcNow();
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // The database or the broker did not answer within a lease, so heartbeats may have gone unheard as well.
                grace.Extend();
                LogPassFailed(logger, error);
            }
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now;
        List<WorkerRow> expired;
        List<Guid> unfinished;
        await using (SearchDb db = dbs.Read())
        {
            now = await db.Sql.NowAsync(db, time, cancellationToken);
            expired = await db.Workers.Where(w => w.LeaseUntil < now && w.State != WorkerState.Lost && w.State != WorkerState.Left).ToListAsync(cancellationToken);
            // A replica that died while it was giving up a worker left the rest to us.
            unfinished = await db.Workers.Where(w => (w.State == WorkerState.Lost || w.State == WorkerState.Left)
                && (db.Trials.Any(t => t.Incarnation == w.Incarnation) || db.Evaluations.Any(e => e.Incarnation == w.Incarnation)))
                .Select(w => w.Incarnation).ToListAsync(cancellationToken);
        }

        foreach (Guid incarnation in unfinished)
        {
            await takingBack.TakeAllAsync(incarnation, lost: true, cancellationToken);
        }

        if (!grace.IsOn)
        {
            foreach (WorkerRow worker in expired)
            {
                await bus.PublishRequired(new LeaseProbe(worker.Incarnation, worker.LeaseUntil, now), cancellationToken);
            }
        }
    }

    private async Task PassTimeAsync(CancellationToken cancellationToken)
    {
        List<string> limited;
        await using (SearchDb db = dbs.Read())
        {
            limited = await (
                from s in db.Studies
                join d in db.Documents on s.Id equals d.StudyId
                where s.State == StudyState.Running && !s.Scoring && d.MaxDurationS != null
                select s.Id).ToListAsync(cancellationToken);
        }

        foreach (string studyId in limited)
        {
            await transactions.RunAsync(studyId, study => study.ApplyAsync(new StudyInput.TimePassed()), cancellationToken);
        }
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        await using WriteTransaction transaction = await dbs.WriteAsync(cancellationToken);
        SearchDb db = transaction.Db;
        DateTimeOffset now = await db.Sql.NowAsync(db, time, cancellationToken);
        DateTimeOffset hour = now - KeepFeed;
        DateTimeOffset day = now - KeepDay;
        await db.Feed.Where(f => f.At < hour).ExecuteDeleteAsync(cancellationToken);
        await db.IdempotencyKeys.Where(k => k.CreatedAt < day).ExecuteDeleteAsync(cancellationToken);
        await db.Workers.Where(w => (w.State == WorkerState.Lost || w.State == WorkerState.Left) && w.LeaseUntil < day
            && !db.Trials.Any(t => t.Incarnation == w.Incarnation)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Leases could not be looked at this time; nobody is given up for a while")]
    private static partial void LogPassFailed(ILogger logger, Exception error);
}
