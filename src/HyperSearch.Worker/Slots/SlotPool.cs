using System.Diagnostics.CodeAnalysis;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using HyperSearch.Worker.Coordination;
using HyperSearch.Worker.Segments;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker.Slots;

/// <summary>All slots of this worker and what runs on them.</summary>
internal sealed partial class SlotPool
{
    private static readonly Func<ILogger, string, int, int, IDisposable?> Scope =
        LoggerMessage.DefineScope<string, int, int>("study {StudyId} trial {Number} attempt {Attempt}");

    private readonly Func<RunTrial, SegmentRun> _newRun;
    private readonly EventOutbox _outbox;
    private readonly HeartbeatPulse _pulse;
    private readonly WorkerIdentity _identity;
    private readonly ILogger<SlotPool> _logger;
    private readonly Lock _gate = new();
    private readonly Slot[] _slots;
    private readonly Stack<Slot> _free;
    private readonly Dictionary<AttemptReference, (SegmentRun Run, Task Ended)> _running = [];
    private readonly SeenAttempts _seen = new();
    private bool _draining;

    public SlotPool(
        Func<RunTrial, SegmentRun> newRun, ChildLaunch launch, EventOutbox outbox, HeartbeatPulse pulse, WorkerIdentity identity,
        IOptions<WorkerOptions> options, TimeProvider time, ILogger<SlotPool> logger)
    {
        (_newRun, _outbox, _pulse, _identity, _logger) = (newRun, outbox, pulse, identity, logger);
        _slots = [.. Enumerable.Range(0, options.Value.Slots).Select(_ => new Slot(launch, time, logger))];
        _free = new(_slots.Reverse());
    }

    public IReadOnlyList<int> ChildIds => [.. _slots.Select(s => s.ChildId).OfType<int>()];

    public bool IsDraining
    {
        get
        {
            lock (_gate)
            {
                return _draining;
            }
        }
    }

    /// <summary>Puts an order on a free slot, if it is new and there is one.</summary>
    public Placement Place(RunTrial trial)
    {
        lock (_gate)
        {
            if (!_seen.Add(trial.Attempt))
            {
                return Placement.Known;
            }

            foreach ((SegmentRun older, _) in _running.Values.Where(r => IsOlder(r.Run.Attempt, trial.Attempt)))
            {
                older.Stop(StopReason.Discard);
            }

            if (_draining)
            {
                return Placement.Draining;
            }

            if (!_free.TryPop(out Slot? slot))
            {
                return Placement.NoFreeSlot;
            }

            SegmentRun run = _newRun(trial);
            _running.Add(trial.Attempt, (run, Task.Run(() => RunAsync(slot, run))));
            return Placement.Placed;
        }
    }

    public void Stop(StopTrial stop)
    {
        SegmentRun? run;
        lock (_gate)
        {
            run = _running.GetValueOrDefault(stop.Attempt).Run;
        }

        run?.Stop(stop.How switch
        {
            StopKind.StopNow => StopReason.Discard,
            StopKind.FinishEpoch => StopReason.Pause,
            _ => throw new InvalidOperationException($"Unknown stop {stop.How}."),
        });
    }

    /// <summary>The attempts on the slots, and those whose end the broker has not confirmed.</summary>
    public IReadOnlyList<AttemptReference> Held()
    {
        lock (_gate)
        {
            return [.. _running.Keys, .. _outbox.UnconfirmedEnds.Where(a => !_running.ContainsKey(a))];
        }
    }

    /// <summary>Takes nothing more and gives back what runs; done when every slot is free and every child has ended.</summary>
    public async Task DrainAsync()
    {
        (SegmentRun Run, Task Ended)[] running;
        lock (_gate)
        {
            _draining = true;
            running = [.. _running.Values];
        }

        // The API hears of it before the first slot is given back, or it would offer that slot again.
        _pulse.Now();

        foreach ((SegmentRun run, _) in running)
        {
            run.Stop(StopReason.Drain);
        }

        await Task.WhenAll(running.Select(r => r.Ended));
        await Task.WhenAll(_slots.Select(s => s.EndAsync()));
    }

    private static bool IsOlder(AttemptReference running, AttemptReference next) =>
        running.Attempt < next.Attempt && running == next with { Attempt = running.Attempt };

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong with one attempt, the worker lives and says so.")]
    private async Task RunAsync(Slot slot, SegmentRun run)
    {
        AttemptReference attempt = run.Attempt;
        using IDisposable? scope = Scope(_logger, attempt.StudyId, attempt.Number, attempt.Attempt);
        TrialEvent? end;
        try
        {
            end = await run.RunAsync(slot);
        }
        catch (Exception exception)
        {
            LogBroken(exception);
            slot.Drop();
            end = new AttemptRecord(attempt, _identity.Incarnation).Failed(FailureKind.Internal, exception.Message, retryable: true);
        }

        lock (_gate)
        {
            // The slot is free before anyone hears of it, and the attempt is listed without a gap.
            _free.Push(slot);
            if (end is not null)
            {
                _outbox.Add(end);
            }

            _running.Remove(attempt);
        }

        run.Dispose();
        LogEnded(end?.Returned?.Cause, end?.Returned?.Detail ?? end?.Failed?.Message);
        if (end is null)
        {
            _pulse.Now();
        }
    }

    [LoggerMessage(LogLevel.Error, "An attempt broke the worker's own code")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(LogLevel.Debug, "The attempt has left its slot: {Cause} {Detail}")]
    private partial void LogEnded(ReturnCause? cause, string? detail);
}
