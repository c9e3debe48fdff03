namespace HyperSearch.Messaging;

/// <summary>A segment is given back. It repeats the reports up to the checkpoint and names it, so it suffices alone.</summary>
public sealed record SegmentReturned
{
    /// <summary>Why.</summary>
    public required ReturnCause Cause { get; init; }

    /// <summary>What happened, for people; null where the cause says it all.</summary>
    public string? Detail { get; init; }

    /// <summary>The segment's reports up to the checkpoint.</summary>
    public IReadOnlyList<EpochMetrics> Reports { get; init; } = [];

    /// <summary>The last durable checkpoint of this attempt; null when it wrote none.</summary>
    public CheckpointReference? Checkpoint { get; init; }

    /// <summary>The micro-batch that the next attempt goes on with, smaller than this one's; null leaves it as it is.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>Device seconds of the attempt.</summary>
    public double DeviceSeconds { get; init; }
}
