using System.Diagnostics.CodeAnalysis;
using HyperSearch.Messaging;
using HyperSearch.Worker.Slots;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker.Coordination;

/// <summary>Renews the lease: tells the API what runs here, again and again, and registers the worker by doing so.</summary>
internal sealed partial class Heartbeats(
    IBus bus, SlotPool slots, EventOutbox outbox, WorkerIdentity identity, HeartbeatPulse pulse, WorkFolder work,
    IOptions<WorkerOptions> options, TimeProvider time, ILogger<Heartbeats> logger)
{
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private DateTimeOffset? _lastAnswer;
    private long _sequence;

    /// <summary>Takes an answer: its time goes into the next heartbeat, its stops are obeyed.</summary>
    public void Answered(HeartbeatAnswer answer)
    {
        if (answer.Incarnation != identity.Incarnation)
        {
            return;
        }

        lock (_gate)
        {
            _lastAnswer = _lastAnswer is { } last && last > answer.Time ? last : answer.Time;
        }

        work.TouchAlive();
        outbox.Settle(answer.Settled);
        foreach (StopTrial stop in answer.Stops)
        {
            slots.Stop(stop);
        }
    }

    /// <summary>Beats until cancelled; the first one at once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await SendAsync(leaving: false, options.Value.Heartbeat, cancellationToken);
            await pulse.WaitAsync(options.Value.Heartbeat, time, cancellationToken);
        }
    }

    /// <summary>The last one of an orderly shutdown.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => SendAsync(leaving: true, LastWait, cancellationToken);

    internal WorkerHeartbeat Next(bool leaving)
    {
        // The answer's time before the list: what was received before that answer is in the list.
        DateTimeOffset? lastAnswer;
        long sequence;
        lock (_gate)
        {
            (lastAnswer, sequence) = (_lastAnswer, ++_sequence);
        }

        // Held before ended: an attempt that goes from one to the other meanwhile is in both.
        IReadOnlyList<AttemptReference> held = slots.Held();
        return new WorkerHeartbeat
        {
            Incarnation = identity.Incarnation,
            Registration = identity.Registration,
            Sequence = sequence,
            LastAnswer = lastAnswer,
            Held = held,
            Ended = [.. outbox.UnsettledEnds],
            Draining = slots.IsDraining,
            Leaving = leaving,
        };
    }

    // A heartbeat that waits for the broker longer than its interval is out of date: it is dropped, the next one says more.
    [SuppressMessage("Design", "CA1031", Justification = "A heartbeat that cannot be sent is made good by the next one.")]
    private async Task SendAsync(bool leaving, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            using CancellationTokenSource wait = new(atMost, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken);
            await bus.PublishRequired(Next(leaving), either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotSent(exception, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A heartbeat could not be sent: {Reason}")]
    private partial void LogNotSent(Exception exception, string reason);
}
