using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>One trial.</summary>
public sealed record TrialResponse
{
    /// <summary>From 0 within the study; -1 is the baseline.</summary>
    public required int Number { get; init; }

    /// <summary><c>waiting dispatched running paused completed pruned failed cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether it is the trial with the defaults.</summary>
    public required bool Baseline { get; init; }

    /// <summary>All hyperparameters; one without meaning beside the others is null.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>Epochs reported so far.</summary>
    public required int Epochs { get; init; }

    /// <summary>The objective's summary so far.</summary>
    public required double? Value { get; init; }

    /// <summary>Epoch of the best metric, from 1.</summary>
    public required int? BestEpoch { get; init; }

    /// <summary>The metric at the last epoch.</summary>
    public required double? LastValue { get; init; }

    /// <summary>The metric on training examples at the epoch of the value.</summary>
    public required double? TrainValue { get; init; }

    /// <summary>How much better the metric is in training than in validation: positive is overfitting.</summary>
    public required double? Gap { get; init; }

    /// <summary>Positive when better than the baseline over the same number of epochs; null until the baseline got there.</summary>
    public required double? DeltaToBaseline { get; init; }

    /// <summary>Index of its rung from 0; null without rungs.</summary>
    public required int? Rung { get; init; }

    /// <summary>Its bracket from 0; null without rungs.</summary>
    public required int? Bracket { get; init; }

    /// <summary>Its grid cell, or null.</summary>
    public required int? Cell { get; init; }

    /// <summary>The number of the latest assignment.</summary>
    public required int Attempt { get; init; }

    /// <summary>Started attempts that ended because worker or child died.</summary>
    public required int LostAttempts { get; init; }

    /// <summary>The training seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Device seconds of all attempts.</summary>
    public required double DeviceSeconds { get; init; }

    /// <summary>The worker that ran it last.</summary>
    public required string? Worker { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was first heard of from a worker.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became final.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether a loss was not finite; the value is null then.</summary>
    public required bool Diverged { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public required TrialError? Error { get; init; }

    /// <summary>Examples per gradient computation, once known.</summary>
    public required int? MicroBatch { get; init; }

    /// <summary>Whether unfrozen batch norm saw micro-batches.</summary>
    public required bool BatchNormMicro { get; init; }

    /// <summary>Threads of the slot, once known.</summary>
    public required int? Threads { get; init; }

    /// <summary>CPU model, once known.</summary>
    public required string? Cpu { get; init; }

    /// <summary>Version of libtorch, once known.</summary>
    public required string? Libtorch { get; init; }

    /// <summary>Whether the head of the model's weights was kept, because its label map equals the dataset's; false: made anew. Null until known, and for synthetic.</summary>
    public required bool? HeadKept { get; init; }

    /// <summary>Examples of the validation split; null until known, and for synthetic.</summary>
    public required int? ValidationExamples { get; init; }

    /// <summary>The trial that this run confirms with another seed; null for the trials of the search.</summary>
    public required int? Confirms { get; init; }

    /// <summary>Whether a user chose the parameters; else the sampler did.</summary>
    public required bool Enqueued { get; init; }
}
