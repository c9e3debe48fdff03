using HyperSearch.Api.Persistence;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Coordination;

/// <summary>From the rows of segments that train nothing to the bus's words, and back.</summary>
internal static class SegmentReferences
{
    /// <summary>Its present attempt.</summary>
    public static AttemptReference Reference(this StudySegment segment) => new(segment.StudyId, segment.Number, segment.Kind switch
    {
        StudySegmentKind.Evaluate => SegmentKind.Evaluate,
        StudySegmentKind.Probe => SegmentKind.Probe,
        _ => throw new InvalidOperationException($"Unknown segment {segment.Kind}."),
    }, segment.Attempt);

    /// <summary>The row that an attempt without training speaks of; null when its study is gone.</summary>
    public static async Task<StudySegment?> FindSegmentAsync(this SearchDb db, AttemptReference attempt, CancellationToken cancellationToken) =>
        await db.Segments.FindAsync([attempt.StudyId, KindOf(attempt), attempt.Number], cancellationToken);

    /// <summary>What an attempt without training does.</summary>
    public static StudySegmentKind KindOf(AttemptReference attempt) => attempt.Kind switch
    {
        SegmentKind.Evaluate => StudySegmentKind.Evaluate,
        SegmentKind.Probe => StudySegmentKind.Probe,
        _ => throw new InvalidOperationException($"{attempt} trains."),
    };
}
