using HyperSearch.Worker.Coordination;
using HyperSearch.Worker.Slots;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker;

/// <summary>
/// Starts the worker once the bus runs, and gives everything back before the bus stops, whatever the order in which the
/// two were registered.
/// </summary>
internal sealed partial class WorkerLife(
    WorkFolder work, EventOutbox outbox, Heartbeats heartbeats, SlotPool slots, WorkerIdentity identity, WorkerPrecisions precisions,
    IOptions<WorkerOptions> options, ILogger<WorkerLife> logger) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _giveUp = new();
    private readonly CancellationTokenSource _leave = new();
    private Task _sending = Task.CompletedTask;
    private Task _beating = Task.CompletedTask;
    private Task _finding = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        work.Open();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _sending = Task.Run(() => outbox.RunAsync(_giveUp.Token), CancellationToken.None);
        _beating = Task.Run(() => heartbeats.RunAsync(_leave.Token), CancellationToken.None);
        _finding = Task.Run(() => precisions.FindAsync(_leave.Token), CancellationToken.None);
        LogStarted(identity.Incarnation, options.Value.Slots, identity.Registration.Device, options.Value.Pool);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _giveUp.CancelAfter(options.Value.ShutdownTimeout);
        await slots.DrainAsync();
        outbox.Complete();
        await EndedAsync(_sending);
        await _leave.CancelAsync();
        await EndedAsync(_beating);
        await EndedAsync(_finding);
        await heartbeats.LeaveAsync(cancellationToken);
        LogStopped(identity.Incarnation, outbox.UnconfirmedEnds.Count);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        work.Dispose();
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _giveUp.Dispose();
        _leave.Dispose();
    }

    // Cancellation is how these loops end; anything else is worth a line.
    private async Task EndedAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException exception)
        {
            LogLoopEnded(exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "Worker {Incarnation} offers {Slots} slots on {Device} to pool {Pool}")]
    private partial void LogStarted(Guid incarnation, int slots, string device, string pool);

    [LoggerMessage(LogLevel.Information, "Worker {Incarnation} leaves; {Unconfirmed} ends are not confirmed")]
    private partial void LogStopped(Guid incarnation, int unconfirmed);

    [LoggerMessage(LogLevel.Debug, "A loop was cancelled")]
    private partial void LogLoopEnded(Exception exception);
}
