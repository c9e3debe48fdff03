namespace HyperSearch.Contracts;

/// <summary>What replaying a study's decision log gives: the same inputs to the same rules, in memory.</summary>
public sealed record ReplayResponse
{
    /// <summary>Entries that were replayed; with a difference, up to it.</summary>
    public required long Entries { get; init; }

    /// <summary>Whether every entry was decided as it is recorded.</summary>
    public required bool Matches { get; init; }

    /// <summary>The first entry that was not; null when all were.</summary>
    public required ReplayDifferenceResponse? FirstDifference { get; init; }
}
