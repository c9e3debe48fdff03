namespace HyperSearch.Training;

/// <summary>How a training is asked to end early.</summary>
public sealed class StopSignals
{
    /// <summary>Signals that are never given.</summary>
    public static StopSignals None { get; } = new();

    /// <summary>Ends at the next batch.</summary>
    public CancellationToken Now { get; init; }

    /// <summary>Ends at the next epoch end, with a checkpoint.</summary>
    public CancellationToken AtEpochEnd { get; init; }
}
