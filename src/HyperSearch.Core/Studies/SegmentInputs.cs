using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>What the end of a segment that trains nothing tells the rules.</summary>
public static class SegmentInputs
{
    /// <summary>The segment has ended for good without a result.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="why">The reason, for people.</param>
    public static StudyInput Without(this StudySegment segment, string why) => segment.Kind switch
    {
        StudySegmentKind.Evaluate => new StudyInput.Scored(segment.Number, null, 0, null, why),
        StudySegmentKind.Probe => new StudyInput.Probed(null, why),
        _ => throw new InvalidOperationException($"Unknown segment {segment.Kind}."),
    };
}
