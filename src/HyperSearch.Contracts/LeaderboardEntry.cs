using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>One row of a leaderboard.</summary>
public sealed record LeaderboardEntry
{
    /// <summary>Place among the listed searched trials, from 1; null for the baseline, which competes with nobody.</summary>
    public required int? Rank { get; init; }

    /// <summary>The trial's number; -1 is the baseline.</summary>
    public required int Number { get; init; }

    /// <summary>Whether it is the trial with the defaults.</summary>
    public required bool Baseline { get; init; }

    /// <summary><c>waiting dispatched running paused completed pruned failed cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether the trial is completed, so that its value stands.</summary>
    public required bool Final { get; init; }

    /// <summary>Whether a loss was not finite; the value is null then.</summary>
    public required bool Diverged { get; init; }

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

    /// <summary>All hyperparameters; one without meaning beside the others is null.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>The training seed.</summary>
    public required long Seed { get; init; }

    /// <summary>What its runs with fresh seeds say; null unless the study has confirmed it.</summary>
    public required ConfirmationResponse? Confirmation { get; init; }

    /// <summary>Epochs reported so far.</summary>
    public required int Epochs { get; init; }

    /// <summary>Index of its rung from 0; null without rungs.</summary>
    public required int? Rung { get; init; }

    /// <summary>Its bracket from 0; null without rungs.</summary>
    public required int? Bracket { get; init; }

    /// <summary>Started attempts that ended because worker or child died.</summary>
    public required int LostAttempts { get; init; }

    /// <summary>Examples per gradient computation, once known.</summary>
    public required int? MicroBatch { get; init; }

    /// <summary>Device seconds of all attempts.</summary>
    public required double DeviceSeconds { get; init; }

    /// <summary>The worker that ran it last.</summary>
    public required string? Worker { get; init; }

    /// <summary>When it was first heard of from a worker.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became final.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public required TrialError? Error { get; init; }
}
