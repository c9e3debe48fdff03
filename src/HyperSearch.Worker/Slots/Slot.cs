using Microsoft.Extensions.Logging;

namespace HyperSearch.Worker.Slots;

/// <summary>One trial's place, with the child process that stays warm between trials. Used by one run at a time.</summary>
internal sealed class Slot(ChildLaunch launch, TimeProvider time, ILogger logger)
{
    private static long _jobs;
    private volatile ChildProcess? _child;

    public int? ChildId => _child is { IsAlive: true } child ? child.Id : null;

    /// <summary>A number that no other job of this process has.</summary>
    public static long NextJob() => Interlocked.Increment(ref _jobs);

    /// <summary>The warm child, or a new one.</summary>
    public ChildProcess Child()
    {
        if (_child is { IsAlive: true } warm)
        {
            return warm;
        }

        return _child = ChildProcess.Start(launch, time, logger);
    }

    /// <summary>Parts with the child; the next run gets a new one.</summary>
    public void Drop()
    {
        _child?.Kill();
        _child = null;
    }

    public Task EndAsync() => _child?.EndAsync() ?? Task.CompletedTask;
}
