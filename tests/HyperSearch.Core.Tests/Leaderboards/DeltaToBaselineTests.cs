using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;

namespace HyperSearch.Core.Tests.Leaderboards;

public sealed class DeltaToBaselineTests
{
    private static readonly double?[] Baseline = [0.9, 0.5, 0.7];

    [Theory]
    [InlineData(false, 0.8, 1, 0.1)]
    [InlineData(false, 0.6, 2, -0.1)]
    [InlineData(false, 0.6, 3, -0.1)]
    [InlineData(true, 0.8, 1, -0.1)]
    [InlineData(true, 1.0, 3, 0.1)]
    public void Of_SameNumberOfEpochs_IsPositiveWhenBetter(bool maximize, double value, int epochs, double expected) =>
        Against(maximize).Of(value, epochs)!.Value.ShouldBe(expected, 1e-12);

    [Fact]
    public void Of_LastEpochCounts_ComparesWithThatEpoch() =>
        Against(false, best: false).Of(0.6, 3)!.Value.ShouldBe(0.1, 1e-12);

    [Theory]
    [InlineData(0.8, 4)]
    [InlineData(0.8, 0)]
    [InlineData(null, 1)]
    public void Of_BaselineIsNotThereOrNoValue_IsNull(double? value, int epochs) => Against(false).Of(value, epochs).ShouldBeNull();

    [Fact]
    public void Of_BaselineWithoutFiniteValue_IsNull() =>
        new DeltaToBaseline([StudyDriver.Metric(1, null)], new Objective()).Of(0.5, 1).ShouldBeNull();

    private static DeltaToBaseline Against(bool maximize, bool best = true) => new(
        Baseline.Select((v, i) => StudyDriver.Metric(i + 1, v)),
        new Objective { Metric = "val_accuracy", Maximize = maximize, BestEpoch = best });
}
