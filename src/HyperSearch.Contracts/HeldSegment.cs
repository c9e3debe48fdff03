namespace HyperSearch.Contracts;

/// <summary>A segment on a worker's slot.</summary>
public sealed record HeldSegment
{
    /// <summary>The study's id.</summary>
    public required string Study { get; init; }

    /// <summary>The trial's number; -1 is the baseline, null a segment of no trial.</summary>
    public required int? Number { get; init; }

    /// <summary><c>train</c>, <c>evaluate</c> or <c>probe</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The number of the assignment.</summary>
    public required int Attempt { get; init; }
}
