using MassTransit;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// The time in which this replica gives up nobody: after its start, and after any time in which it could not hear, because
/// workers may still be on their way back to the broker.
/// </summary>
internal sealed class ReconnectGrace : IReceiveEndpointObserver
{
    private readonly TimeSpan _grace;
    private readonly TimeProvider _time;
    private long _until;

    public ReconnectGrace(IOptions<CoordinationOptions> options, TimeProvider time)
    {
        _grace = TimeSpan.FromSeconds(options.Value.ReconnectGraceSeconds);
        _time = time;
        Extend();
    }

    /// <summary>Whether nobody is given up now.</summary>
    public bool IsOn => _time.GetUtcNow().UtcTicks < Interlocked.Read(ref _until);

    /// <summary>This replica could not hear until now.</summary>
    public void Extend() => Interlocked.Exchange(ref _until, (_time.GetUtcNow() + _grace).UtcTicks);

    Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready) => Lost();

    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted) => Lost();

    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    private Task Lost()
    {
        Extend();
        return Task.CompletedTask;
    }
}
