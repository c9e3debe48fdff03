using HyperSearch.Api.Persistence;
using HyperSearch.Api.Workers;
using HyperSearch.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// The one consumer of heartbeats and probes, one message at a time and in order, so that a probe never overtakes a
/// heartbeat.
/// </summary>
internal sealed partial class HeartbeatConsumer(
    Heartbeats heartbeats, SearchDbs dbs, TakingBack takingBack, ReconnectGrace grace, IBus bus,
    IOptions<CoordinationOptions> options, CoordinationMetrics metrics, TimeProvider time, ILogger<HeartbeatConsumer> logger)
    : IConsumer<WorkerHeartbeat>, IConsumer<LeaseProbe>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task Consume(ConsumeContext<WorkerHeartbeat> context)
    {
        if (await WaitOutAsync(() => heartbeats.ApplyAsync(context.Message, context.CancellationToken), context.Message.Incarnation, context.CancellationToken) is { } answer)
        {
            await AnswerAsync(answer);
        }
    }

    public Task Consume(ConsumeContext<LeaseProbe> context) => WaitOutAsync(
        async () =>
        {
            await GiveUpAsync(context.Message, context.CancellationToken);
            return true;
        },
        context.Message.Incarnation,
        context.CancellationToken);

    /// <summary>
    /// While the database is away the message stays unacknowledged and those behind it wait: whoever consumes next hears
    /// every heartbeat before it hears a probe. Any other failure is logged; the next heartbeat or probe says the same again.
    /// </summary>
    private async Task<T?> WaitOutAsync<T>(Func<Task<T>> work, Guid incarnation, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                grace.Extend();
                LogNotApplied(logger, incarnation, error);
                if (!Infrastructure.IsToBlame(error))
                {
                    return default;
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task GiveUpAsync(LeaseProbe probe, CancellationToken cancellationToken)
    {
        if (grace.IsOn)
        {
            return;
        }

        await using (WriteTransaction transaction = await dbs.WriteAsync(cancellationToken))
        {
            SearchDb db = transaction.Db;
            DateTimeOffset now = await db.Sql.NowAsync(db, time, cancellationToken);
            WorkerRow? worker = await db.Sql.LockWorker(db, probe.Incarnation).SingleOrDefaultAsync(cancellationToken);
            if (worker is null or { State: WorkerState.Lost or WorkerState.Left }
                || worker.LeaseUntil != probe.LeaseUntil
                || now > probe.SentAt + options.Value.Lease)
            {
                return;
            }

            worker.State = WorkerState.Lost;
            await transaction.CommitAsync(cancellationToken);
        }

        LogGivenUp(logger, probe.Incarnation, probe.LeaseUntil);
        metrics.WorkersGivenUp.Add(1);
        await takingBack.TakeAllAsync(probe.Incarnation, lost: true, cancellationToken);
    }

    private async Task AnswerAsync(HeartbeatAnswer answer)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(options.Value.SendTimeoutSeconds), time);
        try
        {
            await bus.PublishTo(answer.Incarnation, answer, timeout.Token);
        }
        catch (Exception error)
        {
            // The next heartbeat is answered again.
            LogNotAnswered(logger, answer.Incarnation, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A heartbeat or a probe of worker {Incarnation} could not be applied")]
    private static partial void LogNotApplied(ILogger logger, Guid incarnation, Exception error);

    [LoggerMessage(LogLevel.Information, "A heartbeat of worker {Incarnation} could not be answered")]
    private static partial void LogNotAnswered(ILogger logger, Guid incarnation, Exception error);

    [LoggerMessage(LogLevel.Warning, "Worker {Incarnation} is given up: its lease ran out at {LeaseUntil}")]
    private static partial void LogGivenUp(ILogger logger, Guid incarnation, DateTimeOffset leaseUntil);
}
