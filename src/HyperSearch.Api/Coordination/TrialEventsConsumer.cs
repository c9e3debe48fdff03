using HyperSearch.Api.Persistence;
using HyperSearch.Messaging;
using MassTransit;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// Takes events in batches, each study its own transaction. Trouble with the database is waited out; events that cannot be
/// applied for another reason go alone to the error queue, the rest is acknowledged.
/// </summary>
internal sealed partial class TrialEventsConsumer(EventApplication application, TakingBack takingBack, CoordinationMetrics metrics, TimeProvider time, ILogger<TrialEventsConsumer> logger)
    : IConsumer<Batch<TrialEvents>>
{
    private const int Attempts = 3;
    private const int StudiesAtOnce = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task Consume(ConsumeContext<Batch<TrialEvents>> context)
    {
        // What JSON leaves null is null, whatever the types promise.
        TrialEvent[] events = [.. context.Message.SelectMany(m => m.Message.Events ?? [])];
        foreach (TrialEvent e in events.Where(e => !IsAddressed(e)))
        {
            await SetAsideAsync(context, e, new InvalidOperationException("The event names no attempt of a study."), context.CancellationToken);
        }

        await Parallel.ForEachAsync(
            events.Where(IsAddressed).GroupBy(e => e.Attempt.StudyId),
            new ParallelOptions { MaxDegreeOfParallelism = StudiesAtOnce, CancellationToken = context.CancellationToken },
            async (study, cancellationToken) => await ApplyAsync(context, study.Key, [.. study], cancellationToken));
    }

    private async Task ApplyAsync(ConsumeContext context, string studyId, IReadOnlyList<TrialEvent> events, CancellationToken cancellationToken)
    {
        if (await TryAsync(studyId, events, cancellationToken) is null)
        {
            return;
        }

        foreach (TrialEvent e in events)
        {
            if (await TryAsync(studyId, [e], cancellationToken) is { } error)
            {
                await SetAsideAsync(context, e, error, cancellationToken);
            }
        }
    }

    private static bool IsAddressed(TrialEvent e) => e?.Attempt?.StudyId is not null;

    private async Task SetAsideAsync(ConsumeContext context, TrialEvent e, Exception error, CancellationToken cancellationToken)
    {
        LogPoison(logger, e?.Attempt, error);
        metrics.EventsPoisoned.Add(1);
        ISendEndpoint queue = await context.GetSendEndpoint(new Uri($"queue:{Queues.EventsError}"));
        await queue.Send(new TrialEvents([e!]), cancellationToken);
        if (IsAddressed(e!) && e!.Ends())
        {
            // Its end cannot be applied, so nothing else would ever free its slot; losses in a row end the trial.
            await takingBack.TakeAsync(e.Attempt, e.Incarnation, lost: true, cancellationToken);
        }
    }

    /// <summary>Applies events until it works, or until they have failed often enough by themselves. Returns that failure.</summary>
    private async Task<Exception?> TryAsync(string studyId, IReadOnlyList<TrialEvent> events, CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(100);
        for (int failures = 0; ;)
        {
            try
            {
                await application.ApplyAsync(studyId, events, cancellationToken);
                return null;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                if (!Infrastructure.IsToBlame(error) && ++failures == Attempts)
                {
                    return error;
                }

                LogRetry(logger, studyId, events.Count, error);
                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} events of study {StudyId} are tried again")]
    private static partial void LogRetry(ILogger logger, string studyId, int count, Exception error);

    [LoggerMessage(LogLevel.Error, "An event of {Attempt} cannot be applied and is kept in the error queue")]
    private static partial void LogPoison(ILogger logger, AttemptReference? attempt, Exception error);
}
