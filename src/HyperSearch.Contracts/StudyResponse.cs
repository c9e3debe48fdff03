using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>A study: what was asked, what was made of it, and how far it is.</summary>
public sealed record StudyResponse
{
    /// <summary><c>st_</c> and a sortable rest.</summary>
    public required string Id { get; init; }

    /// <summary>Unique among all undeleted studies.</summary>
    public required string Name { get; init; }

    /// <summary><c>queued running paused stopping completed stopped cancelled failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Rises with every visible change; part of the ETag.</summary>
    public required long Version { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a trial, or the probe before them, was first assigned.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became final.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The request as sent.</summary>
    public required JsonElement Spec { get; init; }

    /// <summary>The request with every default, the seed, the inferred types, and what was patched since.</summary>
    public required JsonElement Resolved { get; init; }

    /// <summary>What it costs.</summary>
    public required PlanResponse Plan { get; init; }

    /// <summary>What the similarity probe before the search found; null with <see cref="ProbeNote"/>, or where none was asked for.</summary>
    public required ProbeResponse? Probe { get; init; }

    /// <summary>Why there is no probe result: it has not ended, or why it failed. A failed probe never fails its study.</summary>
    public required string? ProbeNote { get; init; }

    /// <summary>Its searched trials by state.</summary>
    public required ProgressResponse Progress { get; init; }

    /// <summary>The first searched row of the leaderboard, once it has a value; <c>final</c> when that trial is completed.</summary>
    public required LeaderboardEntry? Best { get; init; }

    /// <summary>The trial with the defaults; with <c>one_at_a_time</c> trial 0, which is a searched one as well.</summary>
    public required LeaderboardEntry? Baseline { get; init; }

    /// <summary>What each parameter does by itself; only with <c>one_at_a_time</c>, else null.</summary>
    public required IReadOnlyList<ParameterEffectResponse>? Effects { get; init; }

    /// <summary>Why it ended or is ending; null while open.</summary>
    public required string? StopReason { get; init; }

    /// <summary>Scores on the test split; null with <see cref="TestNote"/>.</summary>
    public required TestResponse? Test { get; init; }

    /// <summary>Why there is no test score.</summary>
    public required string? TestNote { get; init; }

    /// <summary>Whether the winner is strictly better than the baseline on the test split; null without both scores.</summary>
    public required bool? BeatsBaseline { get; init; }

    /// <summary>Epochs executed, repeated and baseline epochs included.</summary>
    public required long EpochsExecuted { get; init; }

    /// <summary>Device seconds of all attempts.</summary>
    public required double DeviceSeconds { get; init; }

    /// <summary>Where the rest is.</summary>
    public required StudyLinks Links { get; init; }
}
