using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Slots;

/// <summary>What a child tells its parent about a job; none of the parts set means that it lives and finishes batches.</summary>
internal sealed record SlotEvent
{
    public required long Job { get; init; }

    public TrialStarted? Started { get; init; }

    public EpochMetrics? Reported { get; init; }

    public WrittenCheckpoint? Checkpoint { get; init; }

    public SegmentEnd? Ended { get; init; }

    /// <summary>The answer to <see cref="SlotCommand.FindPrecisions"/>.</summary>
    public IReadOnlyList<string>? Precisions { get; init; }
}
