using HyperSearch.Messaging;

namespace HyperSearch.Worker.Segments;

/// <summary>The two ways in which a running segment is told to stop.</summary>
internal sealed class SegmentStops : IDisposable
{
    private readonly CancellationTokenSource _now = new();
    private readonly CancellationTokenSource _atEpochEnd = new();

    /// <summary>At the next batch.</summary>
    public CancellationToken Now => _now.Token;

    /// <summary>At the next epoch end.</summary>
    public CancellationToken AtEpochEnd => _atEpochEnd.Token;

    public void Stop(StopKind kind)
    {
        CancellationTokenSource source = kind switch
        {
            StopKind.StopNow => _now,
            StopKind.FinishEpoch => _atEpochEnd,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        source.Cancel();
    }

    public void Dispose()
    {
        _now.Dispose();
        _atEpochEnd.Dispose();
    }
}
