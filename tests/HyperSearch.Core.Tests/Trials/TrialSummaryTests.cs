using CsCheck;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Trials;

public sealed class TrialSummaryTests
{
    private static readonly Gen<EpochReport[]> Reports = Gen.Int[0, 4].Nullable().Array[0, 8].Select(values =>
        values.Select((v, i) => new EpochReport { Epoch = i + 1, ValLoss = v, ValAccuracy = v, TrainValue = 10 + i }).ToArray());

    private static readonly Gen<Objective> Objectives = Gen.Select(Gen.Bool, Gen.Bool, (maximize, best) =>
        new Objective { Metric = maximize ? "val_accuracy" : "val_loss", Maximize = maximize, BestEpoch = best });

    private static readonly double[] Values = [0.5, 0.2, 0.3];

    [Theory]
    [InlineData(false, true, 0.2, 2)]
    [InlineData(true, true, 0.5, 1)]
    [InlineData(false, false, 0.3, 3)]
    [InlineData(true, false, 0.3, 3)]
    public void Of_BestOrLast_TakesThatEpochsValue(bool maximize, bool best, double value, int epoch)
    {
        Objective objective = new() { Metric = "val_accuracy", Maximize = maximize, BestEpoch = best };
        TrialSummary summary = TrialSummary.Of(
            Values.Select((v, i) => new EpochReport { Epoch = i + 1, ValAccuracy = v, TrainValue = i + 1 }), objective);
        (summary.Epochs, summary.Value, summary.TrainValue, summary.LastValue).ShouldBe((3, value, epoch, 0.3));
        summary.BestEpoch.ShouldBe(maximize ? 1 : 2);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(null)]
    public void Add_NotFinite_IsMissing(double? value)
    {
        TrialSummary summary = TrialSummary.Of([new EpochReport { Epoch = 1, ValLoss = value }], new Objective());
        (summary.Epochs, summary.Value, summary.BestEpoch, summary.LastValue).ShouldBe((1, null, null, null));
    }

    [Fact]
    public void Add_AnyOrderAndRepeated_GivesTheSameSummary() => Gen.Select(Reports, Objectives, Gen.Int[0, 1000]).Sample((reports, objective, seed) =>
    {
        TrialSummary ordered = TrialSummary.Of(reports, objective);
        EpochReport[] shuffled = [.. reports.Concat(reports)];
        new Random(seed).Shuffle(shuffled);
        TrialSummary any = TrialSummary.Of(shuffled, objective);
        (any with { Averaged = ordered.Averaged, Sum = ordered.Sum }).ShouldBe(ordered);
        // Sums are taken in order; the end of a segment repeats its reports, which closes every gap.
        reports.Aggregate(any, (summary, report) => summary.Add(report, objective)).ShouldBe(ordered);
    });

    [Fact]
    public void Of_AnyReports_IsTheBestByDefinition() => Gen.Select(Reports, Objectives).Sample((reports, objective) =>
    {
        TrialSummary summary = TrialSummary.Of(reports, objective);
        EpochReport? best = reports.Where(r => objective.Of(r) is not null).OrderBy(r => objective.Loss(objective.Of(r)!.Value)).ThenBy(r => r.Epoch).FirstOrDefault();
        summary.BestEpoch.ShouldBe(best?.Epoch);
        summary.Epochs.ShouldBe(reports.Length);
        EpochReport? counts = objective.BestEpoch ? best : reports.LastOrDefault();
        summary.Value.ShouldBe(counts is null ? null : objective.Of(counts));
        summary.TrainValue.ShouldBe(counts?.TrainValue);
    });
}
