namespace HyperSearch.Training;

/// <summary>How a segment ended.</summary>
public sealed record TrainingResult
{
    /// <summary>Finished epochs; also counts epochs after the last checkpoint.</summary>
    public required int ReachedEpoch { get; init; }

    /// <summary>Why it ended.</summary>
    public required TrainingEnd End { get; init; }

    /// <summary>The epoch, from 1, whose loss was not finite; null unless it diverged. No report is made of that epoch.</summary>
    public int? DivergedEpoch { get; init; }

    /// <summary>The last checkpoint that this segment wrote; null if none: then the one it resumed from still holds.</summary>
    public CheckpointFolder? Checkpoint { get; init; }
}
