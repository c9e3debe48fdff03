using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// Makes the offers: whenever a slot may be free or a trial assignable, and once in a while as a safety net. Within a pool
/// the highest priority is first, then the study with the fewest assigned attempts, then the longest without an offer.
/// </summary>
internal sealed partial class Dispatcher(
    SearchDbs dbs, OfferSignal signal, PoolLocks locks, Offers offers, TakingBack takingBack, IBusControl bus,
    IOptions<CoordinationOptions> options, CoordinationMetrics metrics, TimeProvider time, ILogger<Dispatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan safetyNet = TimeSpan.FromSeconds(options.Value.SafetyNetSeconds);
        while (true)
        {
            await signal.WaitAsync(safetyNet, time, stoppingToken);
            try
            {
                await OfferAllAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogPassFailed(logger, error);
            }
        }
    }

    private async Task OfferAllAsync(CancellationToken cancellationToken)
    {
        if (bus.CheckHealth().Status == BusHealthStatus.Unhealthy)
        {
            // Whoever can send shall offer.
            await locks.DisposeAsync();
            return;
        }

        ILookup<string, FreeSlot> free;
        await using (SearchDb db = dbs.Read())
        {
            free = await FreeSlots.FindAsync(db, await db.Sql.NowAsync(db, time, cancellationToken), cancellationToken);
        }

        foreach (IGrouping<string, FreeSlot> pool in free)
        {
            if (await locks.HoldsAsync(pool.Key, cancellationToken))
            {
                await OfferPoolAsync(pool.Key, [.. pool], cancellationToken);
            }
        }
    }

    private async Task OfferPoolAsync(string pool, List<FreeSlot> free, CancellationToken cancellationToken)
    {
        List<WaitingStudy> studies;
        await using (SearchDb db = dbs.Read())
        {
            studies = await Candidates(db, pool).ToListAsync(cancellationToken);
        }

        List<Task> sends = [];
        foreach (IGrouping<int, WaitingStudy> equals in studies.GroupBy(s => s.Priority))
        {
            await OfferEqualsAsync([.. equals], free, sends, cancellationToken);
        }

        await Task.WhenAll(sends);
    }

    /// <summary>Offers slots to studies of one priority, again to those that took all of theirs, until nobody takes more.</summary>
    private async Task OfferEqualsAsync(List<WaitingStudy> studies, List<FreeSlot> free, List<Task> sends, CancellationToken cancellationToken)
    {
        while (SlotShares.Of(free, [.. studies.Select(s => (s.Assigned, s.Precision))]) is var shares && shares.Any(s => s.Count > 0))
        {
            List<WaitingStudy> hungry = [];
            foreach ((WaitingStudy study, List<FreeSlot> share) in studies.Zip(shares))
            {
                List<(Guid Incarnation, RunTrial Command)> taken = share.Count == 0 ? [] : await OfferStudyAsync(study.Id, [.. share.Select(s => s.Incarnation)], cancellationToken);
                metrics.TrialsAssigned.Add(taken.Count);
                sends.AddRange(taken.Select(run => SendAsync(run.Incarnation, run.Command, cancellationToken)));
                if (taken.Count == share.Count)
                {
                    hungry.Add(study with { Assigned = study.Assigned + share.Count });
                }

                foreach ((Guid incarnation, _) in taken)
                {
                    free.RemoveAt(free.FindIndex(s => s.Incarnation == incarnation));
                }
            }

            studies = hungry;
        }
    }

    /// <summary>What goes wrong with one study is that study's: the others of the pool are offered all the same.</summary>
    private async Task<List<(Guid Incarnation, RunTrial Command)>> OfferStudyAsync(string studyId, Guid[] slots, CancellationToken cancellationToken)
    {
        try
        {
            return await offers.OfferAsync(studyId, slots, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogOfferFailed(logger, studyId, error);
            return [];
        }
    }

    private static IQueryable<WaitingStudy> Candidates(SearchDb db, string pool) =>
        from study in db.Studies
        join document in db.Documents on study.Id equals document.StudyId
        where document.Pool == pool
            && (study.State == StudyState.Queued || study.State == StudyState.Running || (study.Scoring && study.State == StudyState.Stopping))
            && (study.Scoring || study.Probing || (study.Startable && (study.MaxParallel == null || study.Assigned < study.MaxParallel)))
        orderby study.Priority descending, study.Assigned, study.OfferedAt == null descending, study.OfferedAt, study.Id
        select new WaitingStudy(study.Id, study.Priority, study.Assigned, document.Precision);

    private async Task SendAsync(Guid incarnation, RunTrial command, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(options.Value.SendTimeoutSeconds), time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await bus.PublishTo(incarnation, command, both.Token);
        }
        catch (MessageReturnedException)
        {
            // The worker has no queue: its row goes back at once, and its lease will run out.
            LogReturned(logger, command.Attempt, incarnation);
            await takingBack.TakeAsync(command.Attempt, incarnation, lost: false, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // It may or may not have arrived; the worker's heartbeats tell.
            LogUnknown(logger, command.Attempt, incarnation, error);
        }
    }

    private sealed record WaitingStudy(string Id, int Priority, int Assigned, string? Precision);

    [LoggerMessage(LogLevel.Warning, "Offers could not be made this time")]
    private static partial void LogPassFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Study {StudyId} could not be offered slots")]
    private static partial void LogOfferFailed(ILogger logger, string studyId, Exception error);

    [LoggerMessage(LogLevel.Warning, "{Attempt} came back: worker {Incarnation} has no queue")]
    private static partial void LogReturned(ILogger logger, AttemptReference attempt, Guid incarnation);

    [LoggerMessage(LogLevel.Warning, "Whether {Attempt} reached worker {Incarnation} is unknown")]
    private static partial void LogUnknown(ILogger logger, AttemptReference attempt, Guid incarnation, Exception error);
}
