namespace HyperSearch.Api.Coordination;

/// <summary>One visible change, for readers that follow along. Written under the study's lock, in the change's transaction.</summary>
internal sealed class FeedEntry
{
    /// <summary>Drawn by the database when it is inserted.</summary>
    public long Sequence { get; init; }

    public required string StudyId { get; init; }

    /// <summary>The study's version after the change.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset At { get; init; }
}
