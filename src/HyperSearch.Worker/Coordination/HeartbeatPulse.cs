using System.Threading.Channels;

namespace HyperSearch.Worker.Coordination;

/// <summary>Asks for a heartbeat out of turn, where waiting for the next one would leave a slot idle.</summary>
internal sealed class HeartbeatPulse
{
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Now() => _asked.Writer.TryWrite(true);

    /// <summary>Waits until it is asked for, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool> asked = _asked.Reader.ReadAsync(waiting.Token).AsTask();
        await Task.WhenAny(asked, Task.Delay(atMost, time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
