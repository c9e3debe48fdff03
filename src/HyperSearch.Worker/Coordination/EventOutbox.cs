using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using HyperSearch.Messaging;
using Microsoft.Extensions.Logging;

namespace HyperSearch.Worker.Coordination;

/// <summary>
/// Events on their way to the broker, packed and in order. Nobody waits for the broker; while it is away, events wait
/// here, and an attempt counts as held until its end is confirmed.
/// </summary>
internal sealed partial class EventOutbox(SendEvents send, TimeProvider time, ILogger<EventOutbox> logger)
{
    private const int MaxPack = 1000;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly Channel<TrialEvent> _waiting = Channel.CreateUnbounded<TrialEvent>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<AttemptReference, bool> _unconfirmedEnds = [];
    private readonly ConcurrentDictionary<AttemptReference, bool> _unsettledEnds = [];

    public ICollection<AttemptReference> UnconfirmedEnds => _unconfirmedEnds.Keys;

    /// <summary>Attempts whose end the broker has and the API may not have read yet.</summary>
    public ICollection<AttemptReference> UnsettledEnds => _unsettledEnds.Keys;

    /// <summary>The API has applied these ends.</summary>
    public void Settle(IEnumerable<AttemptReference> ends)
    {
        foreach (AttemptReference end in ends)
        {
            _unsettledEnds.TryRemove(end, out _);
        }
    }

    public void Add(TrialEvent what)
    {
        if (what.Ends())
        {
            _unconfirmedEnds[what.Attempt] = true;
        }

        if (!_waiting.Writer.TryWrite(what))
        {
            LogTooLate(what.Attempt);
        }
    }

    /// <summary>No event comes after this; <see cref="RunAsync"/> ends when all are confirmed.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Sends until it is complete and empty, or until it is given up.</summary>
    public async Task RunAsync(CancellationToken giveUp)
    {
        List<TrialEvent> pack = [];
        while (await _waiting.Reader.WaitToReadAsync(giveUp))
        {
            pack.Clear();
            await FillAsync(pack);
            await PublishAsync(new TrialEvents([.. pack]), giveUp);
            foreach (TrialEvent end in pack.Where(e => e.Ends()))
            {
                // In this order: a heartbeat in between lists it twice rather than not at all.
                _unsettledEnds[end.Attempt] = true;
                _unconfirmedEnds.TryRemove(end.Attempt, out _);
            }
        }
    }

    private async Task FillAsync(List<TrialEvent> pack)
    {
        using CancellationTokenSource window = new(Window, time);
        while (!TakeAll(pack))
        {
            try
            {
                if (!await _waiting.Reader.WaitToReadAsync(window.Token))
                {
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return; // the window is over
            }
        }
    }

    /// <summary>True when there is no reason to wait for more: a slot is free, or the pack is full.</summary>
    private bool TakeAll(List<TrialEvent> pack)
    {
        bool urgent = false;
        while (pack.Count < MaxPack && _waiting.Reader.TryRead(out TrialEvent? what))
        {
            pack.Add(what);
            urgent |= what.Ends();
        }

        return urgent || pack.Count >= MaxPack;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the broker says, the events are kept and sent again.")]
    private async Task PublishAsync(TrialEvents events, CancellationToken giveUp)
    {
        TimeSpan backOff = FirstBackOff;
        while (true)
        {
            try
            {
                using CancellationTokenSource timeout = new(PublishTimeout, time);
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, giveUp);
                await send(events, either.Token);
                return;
            }
            catch (Exception exception) when (!giveUp.IsCancellationRequested)
            {
                LogNotSent(exception, events.Events.Count, backOff);
            }

            await Task.Delay(backOff, time, giveUp);
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} events could not be sent; again in {BackOff}")]
    private partial void LogNotSent(Exception exception, int count, TimeSpan backOff);

    [LoggerMessage(LogLevel.Warning, "An event of {Attempt} came after the end")]
    private partial void LogTooLate(AttemptReference attempt);
}
