using HyperSearch.Training.Metrics;

namespace HyperSearch.Training.Tests.Metrics;

public sealed class ClassificationMetricsTests
{
    // Confusion: class 0: 2 right of 3 (one taken for 1); class 1: 1 of 2 (one for 2); class 2: 1 of 1.
    private static readonly Scores Three = new(3, [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2], [1, 2, 3, 4, 5, 6], []);

    [Fact]
    public void Of_ThreeClasses_MatchesHandComputation()
    {
        ClassificationMetrics metrics = new(Three);

        metrics.Loss.ShouldBe(3.5);
        metrics.Accuracy.ShouldBe(4 / 6.0, 1e-12);
        metrics.BalancedAccuracy.ShouldBe((2 / 3.0 + 1 / 2.0 + 1) / 3, 1e-12);
        metrics.MacroF1.ShouldBe((4 / 5.0 + 2 / 4.0 + 2 / 3.0) / 3, 1e-12);
        metrics.Auroc.ShouldBeNull();
    }

    [Fact]
    public void Confusion_OfThreeClasses_CountsRowsOfActualClasses() =>
        new ClassificationMetrics(Three).Confusion()!.Value.Select(row => row.ToArray()).ShouldBe([[2, 1, 0], [0, 1, 1], [0, 0, 1]]);

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    [InlineData(1_000_000, false)] // Squared, it would not fit into memory.
    public void Of_ManyClasses_NeedsNoMatrix(int classes, bool matrix)
    {
        ClassificationMetrics metrics = new(new(classes, [0, 5, classes - 1, 7], [0, 6, classes - 1, 6], [1, 1, 1, 1], []));

        (metrics.Accuracy, metrics.BalancedAccuracy).ShouldBe((0.5, 0.5));
        metrics.MacroF1.ShouldBe(2 / 5.0, 1e-12);
        metrics.Confusion().HasValue.ShouldBe(matrix);
    }

    [Fact]
    public void Of_ClassThatTheSplitLacks_IsLeftOut()
    {
        ClassificationMetrics metrics = new(new(4, [0, 1], [0, 0], [0, 0], []));

        metrics.BalancedAccuracy.ShouldBe(0.5);
        metrics.MacroF1.ShouldBe((2 / 3.0 + 0) / 2, 1e-12);
    }

    [Theory]
    [InlineData(new float[] { 1, 2, 3, 4 }, 1.0)]
    [InlineData(new float[] { 4, 3, 2, 1 }, 0.0)]
    [InlineData(new float[] { 1, 3, 2, 4 }, 0.75)]
    [InlineData(new float[] { 1, 2, 2, 3 }, 0.875)]
    [InlineData(new float[] { 5, 5, 5, 5 }, 0.5)]
    public void Auroc_TwoClasses_CountsPairsInOrder(float[] margins, double expected) =>
        new ClassificationMetrics(new(2, [0, 0, 1, 1], [0, 0, 1, 1], new float[4], margins)).Auroc!.Value.ShouldBe(expected, 1e-12);

    [Fact]
    public void Auroc_OneClassOnly_IsMissing() =>
        new ClassificationMetrics(new(2, [1, 1], [1, 1], [0, 0], [1, 2])).Auroc.ShouldBeNull();

    [Fact]
    public void StandardError_ClosedForms_MatchTheirFormulas()
    {
        StandardErrors.Of("val_accuracy", Three)!.Value.ShouldBe(Math.Sqrt(2 / 3.0 * (1 / 3.0) / 6), 1e-12);
        StandardErrors.Of("val_loss", Three)!.Value.ShouldBe(Math.Sqrt(17.5 / 5 / 6), 1e-12);
        StandardErrors.Of("val_balanced_accuracy", Three)!.Value.ShouldBe(Math.Sqrt(2 / 27.0 + 1 / 8.0) / 3, 1e-12);
    }

    [Fact]
    public void StandardError_Bootstrap_IsNearTheClosedFormOfAnEqualMetric()
    {
        // With equal margins of right and wrong answers, macro F1 of two balanced classes is close to accuracy.
        long[] labels = [.. Enumerable.Range(0, 400).Select(i => (long)(i % 2))];
        long[] predictions = [.. labels.Select((label, i) => i % 10 < 2 ? 1 - label : label)];
        Scores scores = new(2, labels, predictions, new float[400], new float[400]);

        double bootstrap = StandardErrors.Of("val_macro_f1", scores)!.Value;

        bootstrap.ShouldBe(StandardErrors.Of("val_accuracy", scores)!.Value, 0.004);
        StandardErrors.Of("val_macro_f1", scores).ShouldBe(bootstrap);
    }
}
