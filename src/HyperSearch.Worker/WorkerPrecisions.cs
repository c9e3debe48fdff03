using System.ComponentModel;
using HyperSearch.Core.Studies;
using HyperSearch.Worker.Coordination;
using HyperSearch.Worker.Slots;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker;

/// <summary>
/// What this worker trains in: what its settings allow of fp32, and of bf16 once a child has tried that on the device. Until
/// then, or if the child fails, the worker has fp32 alone.
/// </summary>
internal sealed partial class WorkerPrecisions(
    ChildLaunch launch, HeartbeatPulse pulse, IOptions<WorkerOptions> options, TimeProvider time, ILogger<WorkerPrecisions> logger)
{
    private volatile IReadOnlyList<string> _known = Allowed(options.Value, [Precisions.Fp32]);

    /// <summary>Those that are known to work.</summary>
    public IReadOnlyList<string> Known => _known;

    /// <summary>Tries the others in a child process and has a heartbeat sent when there are more.</summary>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        if (Allowed(options.Value, Precisions.All).SequenceEqual(_known))
        {
            return;
        }

        using CancellationTokenSource patience = new(options.Value.StallTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            _known = Allowed(options.Value, await AskAsync(either.Token));
        }
        catch (Exception exception) when (exception is Win32Exception || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogNotTried(exception, exception.Message);
        }

        LogFound(string.Join(", ", _known));
        pulse.Now();
    }

    private async Task<IReadOnlyList<string>> AskAsync(CancellationToken cancellationToken)
    {
        ChildProcess child = ChildProcess.Start(launch, time, logger);
        try
        {
            child.Send(new SlotCommand { Job = Slot.NextJob(), FindPrecisions = true });
            await foreach (SlotEvent what in child.Events.ReadAllAsync(cancellationToken))
            {
                if (what.Precisions is { } found)
                {
                    return found;
                }
            }

            return [Precisions.Fp32];
        }
        finally
        {
            await child.EndAsync();
        }
    }

    private static IReadOnlyList<string> Allowed(WorkerOptions options, IReadOnlyList<string> found) =>
        [.. found.Where(p => options.Precisions.Count == 0 || options.Precisions.Contains(p))];

    [LoggerMessage(LogLevel.Warning, "What the device can train in could not be tried: {Reason}")]
    private partial void LogNotTried(Exception exception, string reason);

    [LoggerMessage(LogLevel.Information, "The device trains in {Precisions}")]
    private partial void LogFound(string precisions);
}
