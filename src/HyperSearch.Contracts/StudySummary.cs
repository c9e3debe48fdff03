namespace HyperSearch.Contracts;

/// <summary>A study in a list.</summary>
public sealed record StudySummary
{
    /// <summary><c>st_</c> and a sortable rest.</summary>
    public required string Id { get; init; }

    /// <summary>Unique among all undeleted studies.</summary>
    public required string Name { get; init; }

    /// <summary><c>queued running paused stopping completed stopped cancelled failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Rises with every visible change.</summary>
    public required long Version { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a trial was first assigned.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became final.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The dataset's name or path; null for synthetic.</summary>
    public required string? Dataset { get; init; }

    /// <summary>The algorithm's name.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The objective's metric.</summary>
    public required string Metric { get; init; }

    /// <summary>One line for people.</summary>
    public required string? Description { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Its searched trials by state.</summary>
    public required ProgressResponse Progress { get; init; }

    /// <summary>The best completed searched trial.</summary>
    public required int? BestNumber { get; init; }

    /// <summary>Its value.</summary>
    public required double? BestValue { get; init; }

    /// <summary>Why it ended or is ending; null while open.</summary>
    public required string? StopReason { get; init; }

    /// <summary>Where the rest is.</summary>
    public required StudyLinks Links { get; init; }
}
