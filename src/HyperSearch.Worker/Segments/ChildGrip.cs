using HyperSearch.Messaging;
using HyperSearch.Worker.Slots;

namespace HyperSearch.Worker.Segments;

/// <summary>
/// One run's power over the child it uses: passes stops on, kills a child that does not stop in time or stalls, and
/// never touches it once another run may use it.
/// </summary>
internal sealed class ChildGrip : IDisposable
{
    private const int StallChecks = 4;

    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _forced = new(); // holds nothing; a timer may still fire when the run is over
    private readonly CancellationTokenSource _unwanted = new(); // holds nothing either
    private readonly ITimer _stall;
    private readonly ITimer _grace;
    private ChildProcess? _child;
    private long _job;
    private int _reason;
    private volatile bool _stalled;

    public ChildGrip(WorkerOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _stall = time.CreateTimer(_ => KillIfStalled(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _grace = time.CreateTimer(_ => Force(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>Whether the child was killed because it finished no batch.</summary>
    public bool Stalled => _stalled;

    /// <summary>Cancelled when waiting any longer is of no use.</summary>
    public CancellationToken Forced => _forced.Token;

    /// <summary>Cancelled when the slot is wanted back: the worker shuts down or the attempt is nobody's.</summary>
    public CancellationToken Unwanted => _unwanted.Token;

    /// <summary>Takes the child, gives it the job and what it was told in the meantime.</summary>
    public void Take(ChildProcess child, SlotCommand run)
    {
        Volatile.Write(ref _child, child);
        TimeSpan period = _options.StallTimeout / StallChecks;
        _stall.Change(period, period);
        lock (_gate)
        {
            child.Send(run);
            _job = run.Job;
            if (Reason != StopReason.None)
            {
                PassOn(Reason);
            }
        }
    }

    /// <summary>Lets the child go. False when it was or is being killed.</summary>
    public bool Release()
    {
        lock (_gate)
        {
            _job = 0;
        }

        _stall.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return Interlocked.Exchange(ref _child, null) is not null;
    }

    public void Stop(StopReason reason)
    {
        if (reason is StopReason.Drain or StopReason.Discard)
        {
            _unwanted.Cancel();
        }

        lock (_gate)
        {
            if (reason <= Reason)
            {
                return;
            }

            Volatile.Write(ref _reason, (int)reason);
            if (reason > StopReason.Pause)
            {
                _grace.Change(reason == StopReason.Drain ? _options.DrainGrace : _options.StopGrace, Timeout.InfiniteTimeSpan);
            }

            PassOn(reason);
        }
    }

    public void Dispose()
    {
        _stall.Dispose();
        _grace.Dispose();
    }

    private void PassOn(StopReason reason)
    {
        if (_job != 0)
        {
            StopKind kind = reason == StopReason.Pause ? StopKind.FinishEpoch : StopKind.StopNow;
            Volatile.Read(ref _child)?.Send(new SlotCommand { Job = _job, Stop = kind });
        }
    }

    // Without the lock, which a sender may hold that waits for this very child.
    private void KillIfStalled()
    {
        if (Volatile.Read(ref _child) is { } child && _time.GetElapsedTime(child.LastActivity) >= _options.StallTimeout)
        {
            _stalled = true;
            Interlocked.Exchange(ref _child, null)?.Kill();
        }
    }

    private void Force()
    {
        Interlocked.Exchange(ref _child, null)?.Kill();
        _forced.Cancel();
    }
}
