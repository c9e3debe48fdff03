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
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // The database or the broker did not answer within a lease, so heartbeats may have gone unheard as well.
                grace.Extend();
                LogPassFailed(logger, error);
            }

            try
            {
                await FinishGiveUpsAsync(both.Token);
                await PassTimeAsync(both.Token);
                if (time.GetUtcNow() - cleaned > TimeSpan.FromMinutes(1))
                {
                    await CleanAsync(both.Token);
                    cleaned = time.GetUtcNow();
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogChoreFailed(logger, error);
            }
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now;
        List<WorkerRow> expired;
        await using (SearchDb db = dbs.Read())
        {
            now = await db.Sql.NowAsync(db, time, cancellationToken);
            expired = await db.Workers.Where(w => w.LeaseUntil < now && w.State != WorkerState.Lost && w.State != WorkerState.Left).ToListAsync(cancellationToken);
        }

        if (!grace.IsOn)
        {
            foreach (WorkerRow worker in expired)
            {
                await bus.PublishRequired(new LeaseProbe(worker.Incarnation, worker.LeaseUntil, now), cancellationToken);
            }
        }
    }

    /// <summary>
    /// A replica that died while it was giving up a worker left the rest to us. A worker that has left may have events on
    /// their way, so it is waited for; what it still holds then counts as nothing. Attempt numbers fence what is assigned later.
    /// </summary>
    private async Task FinishGiveUpsAsync(CancellationToken cancellationToken)
    {
        List<(AttemptReference Attempt, Guid Incarnation, bool Lost)> held = [];
        await using (SearchDb db = dbs.Read())
        {
            DateTimeOffset left = await db.Sql.NowAsync(db, time, cancellationToken) - options.Value.Lease;
            IQueryable<WorkerRow> gone = db.Workers.Where(w => w.State == WorkerState.Lost || (w.State == WorkerState.Left && w.LeaseUntil < left));
            var trials = await (from t in db.Trials join w in gone on t.Incarnation equals (Guid?)w.Incarnation
                select new { t.StudyId, t.Number, t.Attempt, w.Incarnation, w.State }).ToListAsync(cancellationToken);
            var segments = await (from s in db.Segments join w in gone on s.Incarnation equals (Guid?)w.Incarnation
                select new { Attempt = s.Reference(), w.Incarnation, w.State }).ToListAsync(cancellationToken);
            held.AddRange(trials.Select(t => (new AttemptReference(t.StudyId, t.Number, SegmentKind.Train, t.Attempt), t.Incarnation, t.State == WorkerState.Lost)));
            held.AddRange(segments.Select(s => (s.Attempt, s.Incarnation, s.State == WorkerState.Lost)));
        }

        foreach ((AttemptReference attempt, Guid incarnation, bool lost) in held)
        {
            await AloneAsync(attempt.StudyId, () => takingBack.TakeAsync(attempt, incarnation, lost, cancellationToken));
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
            await AloneAsync(studyId, () => transactions.RunAsync(studyId, study => study.ApplyAsync(new StudyInput.TimePassed()), cancellationToken));
        }
    }

    /// <summary>What goes wrong with one study is that study's: the rest of the round goes on.</summary>
    private async Task AloneAsync(string studyId, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OperationCanceledException && !Infrastructure.IsToBlame(error))
        {
            LogStudyFailed(logger, studyId, error);
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

    [LoggerMessage(LogLevel.Warning, "A round of the monitor was not finished")]
    private static partial void LogChoreFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Study {StudyId} could not be brought up to date")]
    private static partial void LogStudyFailed(ILogger logger, string studyId, Exception error);
}
