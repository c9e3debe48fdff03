using HyperSearch.Api.Persistence;
using HyperSearch.Api.Workers;
using HyperSearch.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// The one consumer of heartbeats and probes, one message at a time and in order, so that a probe never overtakes a
/// heartbeat. A message that fails because the database is away is put back by the broker.
/// </summary>
internal sealed partial class HeartbeatConsumer(
    Heartbeats heartbeats, SearchDbs dbs, TakingBack takingBack, ReconnectGrace grace, IBus bus,
    IOptions<CoordinationOptions> options, CoordinationMetrics metrics, TimeProvider time, ILogger<HeartbeatConsumer> logger)
    : IConsumer<WorkerHeartbeat>, IConsumer<LeaseProbe>
{
    public async Task Consume(ConsumeContext<WorkerHeartbeat> context)
    {
        HeartbeatAnswer? answer;
        try
        {
            answer = await heartbeats.ApplyAsync(context.Message, context.CancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Not heard: nobody is given up for it, and the next heartbeat says all of it again.
            grace.Extend();
            LogNotApplied(logger, context.Message.Incarnation, error);
            return;
        }

        if (answer is not null)
        {
            await AnswerAsync(answer);
        }
    }

    public async Task Consume(ConsumeContext<LeaseProbe> context)
    {
        try
        {
            await GiveUpAsync(context.Message, context.CancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The monitor probes again.
            grace.Extend();
            LogNotProbed(logger, context.Message.Incarnation, error);
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
            WorkerRow? worker = await db.Workers.SingleOrDefaultAsync(w => w.Incarnation == probe.Incarnation, cancellationToken);
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

    [LoggerMessage(LogLevel.Warning, "A heartbeat of worker {Incarnation} could not be applied")]
    private static partial void LogNotApplied(ILogger logger, Guid incarnation, Exception error);

    [LoggerMessage(LogLevel.Warning, "The lease of worker {Incarnation} could not be looked at")]
    private static partial void LogNotProbed(ILogger logger, Guid incarnation, Exception error);

    [LoggerMessage(LogLevel.Information, "A heartbeat of worker {Incarnation} could not be answered")]
    private static partial void LogNotAnswered(ILogger logger, Guid incarnation, Exception error);

    [LoggerMessage(LogLevel.Warning, "Worker {Incarnation} is given up: its lease ran out at {LeaseUntil}")]
    private static partial void LogGivenUp(ILogger logger, Guid incarnation, DateTimeOffset leaseUntil);
}
