using HyperSearch.Messaging;
using HyperSearch.Worker.Slots;

namespace HyperSearch.Worker.Tests.Slots;

public sealed class SeenAttemptsTests
{
    [Fact]
    public void Add_OnlyAHigherAttemptOfASegment_IsNew()
    {
        SeenAttempts seen = new();

        seen.Add(new("a", 1, SegmentKind.Train, 2)).ShouldBeTrue();
        seen.Add(new("a", 1, SegmentKind.Train, 2)).ShouldBeFalse();
        seen.Add(new("a", 1, SegmentKind.Train, 1)).ShouldBeFalse();
        seen.Add(new("a", 1, SegmentKind.Evaluate, 1)).ShouldBeTrue();
        seen.Add(new("b", 1, SegmentKind.Train, 1)).ShouldBeTrue();
        seen.Add(new("a", 1, SegmentKind.Train, 3)).ShouldBeTrue();
    }

    [Fact]
    public void Add_BeyondTheCapacity_ForgetsTheOldest()
    {
        SeenAttempts seen = new(capacity: 2);
        seen.Add(new("a", 1, SegmentKind.Train, 1));
        seen.Add(new("a", 2, SegmentKind.Train, 1));
        seen.Add(new("a", 3, SegmentKind.Train, 1));

        seen.Add(new("a", 3, SegmentKind.Train, 1)).ShouldBeFalse();
        seen.Add(new("a", 1, SegmentKind.Train, 1)).ShouldBeTrue();
    }
}
