namespace HyperSearch.Messaging.Tests;

internal static class Samples
{
    public static RunTrial Run(int number) => new()
    {
        Attempt = new AttemptReference("st_1", number, SegmentKind.Train, 1),
        Spec = "{}",
        Parameters = """{"learning_rate":0.001}""",
        Seed = 42,
        FromEpoch = 0,
        ToEpoch = 3,
    };

    /// <summary>An event with everything in it that the wire has to keep.</summary>
    public static TrialEvent Event() => new()
    {
        Attempt = new AttemptReference("st_1", -1, SegmentKind.Evaluate, 3),
        Incarnation = Guid.CreateVersion7(),
        Completed = new SegmentCompleted
        {
            Reports = [new EpochMetrics { Epoch = 1, ValLoss = 0.1 + 0.2, ValAccuracy = null, Seconds = 1e-3, PeakDeviceBytes = long.MaxValue }],
            Checkpoint = new CheckpointReference(1, "studies/st_1/trials/baseline/3/1", "abc"),
            Diverged = true,
            DivergedEpoch = 2,
            DeviceSeconds = double.Epsilon,
            Test = new TestScore { Value = 0.5, Examples = 1000, StandardError = 0.01 },
        },
    };
}
