namespace HyperSearch.Messaging;

/// <summary>A segment is done. It repeats the segment's reports and names the checkpoint, so it suffices alone.</summary>
public sealed record SegmentCompleted
{
    /// <summary>All reports of the segment.</summary>
    public IReadOnlyList<EpochMetrics> Reports { get; init; } = [];

    /// <summary>The checkpoint at the segment's end; null when it diverged.</summary>
    public CheckpointReference? Checkpoint { get; init; }

    /// <summary>Whether a loss was not finite: an end, not a failure.</summary>
    public bool Diverged { get; init; }

    /// <summary>The epoch in which it diverged, from 1.</summary>
    public int? DivergedEpoch { get; init; }

    /// <summary>Whether early stopping ended the trial before its last epoch.</summary>
    public bool StoppedEarly { get; init; }

    /// <summary>Device seconds of the segment.</summary>
    public double DeviceSeconds { get; init; }

    /// <summary>The score of an evaluate segment.</summary>
    public TestScore? Test { get; init; }

    /// <summary>What a probe segment measured.</summary>
    public ProbeMeasurement? Probe { get; init; }
}
