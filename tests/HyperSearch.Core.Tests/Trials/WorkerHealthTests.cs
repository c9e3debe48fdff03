using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Trials;

public sealed class WorkerHealthTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void DrainReason_ThreeDifferentTrialsFailedWhereOthersSucceed_NamesThem()
    {
        WorkerHealth health = After("a/1 a/2 b/1");

        health.DrainReason(new HashSet<string> { "a", "b" }, 1).ShouldBe(
            "Its last 3 trials all failed (a trial 1, a trial 2, b trial 1), while other workers of its pool completed segments of the same study.");
        health.FailingSince.ShouldBe(Start);
    }

    [Theory]
    [InlineData("a/1 a/2", "a", 1)] // two are not enough
    [InlineData("a/1 a/2 a/2 a/1", "a", 1)] // nor is a trial that fails again
    [InlineData("a/1 a/2 +a/3 a/4 a/5", "a", 1)] // a completed segment begins anew
    [InlineData("a/1 a/2 b/1", "a", 1)] // b fails everywhere
    [InlineData("a/1 a/2 a/3", "", 1)]
    [InlineData("a/1 a/2 a/3", "a", 0)] // the last worker of its pool
    public void DrainReason_Otherwise_IsNone(string ends, string completedElsewhere, int others) =>
        After(ends).DrainReason(completedElsewhere.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), others).ShouldBeNull();

    [Fact]
    public void After_MoreFailures_KeepsTheLastDifferentTrialsAndTheFirstTime()
    {
        WorkerHealth health = After("a/1 a/2 a/3 a/2 a/4");

        health.Failures.ShouldBe([new("a", 3), new("a", 2), new("a", 4)]);
        health.FailingSince.ShouldBe(Start);
        After("a/1 +a/2 a/3").FailingSince.ShouldBe(Start.AddSeconds(2));
        After("a/1 +a/2").ShouldBe(WorkerHealth.Good);
    }

    // One end a second: study/trial, with a plus in front when the segment was completed.
    private static WorkerHealth After(string ends) => ends.Split(' ').Select((end, second) => (end, second)).Aggregate(WorkerHealth.Good, (health, e) =>
    {
        string[] parts = e.end.TrimStart('+').Split('/');
        return health.After(new(parts[0], int.Parse(parts[1])), e.end[0] != '+', Start.AddSeconds(e.second));
    });
}
