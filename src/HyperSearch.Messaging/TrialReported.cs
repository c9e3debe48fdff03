namespace HyperSearch.Messaging;

/// <summary>An epoch has ended.</summary>
/// <param name="Metrics">Its metrics.</param>
/// <param name="Checkpoint">The latest durable checkpoint of this attempt, if there is one.</param>
public sealed record TrialReported(EpochMetrics Metrics, CheckpointReference? Checkpoint);
