namespace HyperSearch.Messaging;

/// <summary>Asks one incarnation to run one segment. Acknowledged once it is on a free slot; never held while training.</summary>
public sealed record RunTrial
{
    /// <summary>Which segment and attempt.</summary>
    public required AttemptReference Attempt { get; init; }

    /// <summary>The resolved study as JSON, as Core writes it.</summary>
    public required string Spec { get; init; }

    /// <summary>The trial's parameters as JSON, as Core writes them.</summary>
    public required string Parameters { get; init; }

    /// <summary>The training seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Finished epochs at the start; 0 starts from the pretrained weights.</summary>
    public required int FromEpoch { get; init; }

    /// <summary>Finished epochs at the end.</summary>
    public required int ToEpoch { get; init; }

    /// <summary>Artifact key of the checkpoint folder to go on from (train) or to score (evaluate); null starts anew.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The micro-batch of the checkpoint; null lets the worker choose.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>Seconds between checkpoints at epoch ends; 0 is every epoch.</summary>
    public double CheckpointIntervalS { get; init; } = 30;
}
