using System.Collections.Immutable;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Leaderboards;

public sealed class ConfirmationRankingTests
{
    private static readonly Objective Loss = new();
    private static readonly Objective Accuracy = new() { Metric = "val_accuracy", Maximize = true };

    [Fact]
    public void Rank_FiveRuns_GivesMeanAndStudentInterval()
    {
        Confirmation confirmation = Rank(Loss, Candidate(3, 1, 2, 3, 4, 5)).Single().Confirmation;

        // The standard deviation of 1..5 is sqrt(2.5), and 2.7764... is the 97.5 % point of four degrees of freedom.
        double half = 2.7764451051977987 * Math.Sqrt(2.5 / 5);
        (confirmation.N, confirmation.Mean, confirmation.StandardErrorOfValidation).ShouldBe((5, 3.0, null));
        confirmation.Low!.Value.ShouldBe(3 - half, 1e-9);
        confirmation.High!.Value.ShouldBe(3 + half, 1e-9);
    }

    [Fact]
    public void Rank_ManySamples_IntervalHoldsTheTruthNineteenTimesOfTwenty()
    {
        int held = 0;
        for (int sample = 0; sample < 4000; sample++)
        {
            double[] values = [.. Enumerable.Range(0, 5).Select(i => 0.5 + (0.1 * Normal(sample, i)))];
            Confirmation confirmation = Rank(Loss, Candidate(0, [.. values.Select(v => (double?)v)])).Single().Confirmation;
            held += confirmation.Low <= 0.5 && 0.5 <= confirmation.High ? 1 : 0;
        }

        // Four standard deviations of a share of 0.95 in 4,000 are 0.014.
        (held / 4000.0).ShouldBe(0.95, 0.014);
    }

    [Theory]
    [InlineData("val_accuracy", 1000, 0.8, 0.012649110640673518)]
    [InlineData("val_accuracy", 1000, 1.0, 0.0)]
    [InlineData("val_accuracy", null, 0.8, null)]
    [InlineData("val_loss", 1000, 0.8, null)]
    [InlineData("val_balanced_accuracy", 1000, 0.8, null)]
    public void Rank_Metric_HasValidationErrorWhereItIsAnAccuracy(string metric, int? examples, double mean, double? expected)
    {
        Objective objective = new() { Metric = metric, Maximize = metric != "val_loss" };

        double? error = ConfirmationRanking.Rank([Candidate(0, mean, mean, mean)], objective, examples).Single().Confirmation.StandardErrorOfValidation;

        (error is null).ShouldBe(expected is null);
        (error ?? 0).ShouldBe(expected ?? 0, 1e-9);
    }

    [Theory]
    [InlineData(false, new[] { 1, -1, 2 })]
    [InlineData(true, new[] { 2, -1, 1 })]
    public void Rank_Goal_OrdersByTheMean(bool maximize, int[] expected) => Numbers(Rank(
        maximize ? Accuracy : Loss, Candidate(-1, 0.5, 0.5, 0.5), Candidate(1, 0.1, 0.5, 0.3), Candidate(2, 0.7, 0.5, 0.9))).ShouldBe(expected);

    [Fact]
    public void Rank_EqualMeans_OrdersByNumber() =>
        Numbers(Rank(Loss, Candidate(7, 3, 2, 1), Candidate(4, 1, 2, 3), Candidate(-1, 2, 2, 2))).ShouldBe([-1, 4, 7]);

    [Fact]
    public void Rank_RunWithoutValue_RanksLastAndIsTiedWithNone()
    {
        ImmutableArray<ConfirmedCandidate> ranked = Rank(
            Loss, Candidate(1, null, null, null), Candidate(2, 0.1, null, 0.1), Candidate(3, 9, 9, 9), Candidate(4, null, 0.2, null), Candidate(5, 9, 9, 9));

        Numbers(ranked).ShouldBe([3, 5, 2, 4, 1]);
        ranked.Select(r => r.Confirmation.N).ShouldBe([3, 3, 2, 1, 0]);
        ranked.Select(r => string.Join(' ', r.TiedWith)).ShouldBe(["5", "3", "", "", ""]);
        ranked.Select(r => r.ExportedSeed).ShouldBe([10, 10, 10, 11, null]);
        (ranked[4].Confirmation.Mean, ranked[3].Confirmation.Low, ranked[3].Confirmation.High).ShouldBe((null, null, null));
    }

    [Fact]
    public void Rank_PairedDifferences_DecideTheTies()
    {
        // The seeds scatter by 1, but 2 is worse than 1 by 0.1 with every seed; 3 changes places with both.
        ImmutableArray<ConfirmedCandidate> ranked = Rank(
            Loss, Candidate(1, 1, 2, 3, 4), Candidate(2, 1.1, 2.12, 3.1, 4.08), Candidate(3, 3.5, 1, 4, 2.5));

        ranked.Select(r => (r.Number, string.Join(' ', r.TiedWith))).ShouldBe([(1, "3"), (2, "3"), (3, "1 2")]);
    }

    [Fact]
    public void Rank_ConstantDifference_IsNoTieUnlessItIsZero()
    {
        ImmutableArray<ConfirmedCandidate> ranked = Rank(Loss, Candidate(1, 1, 2, 3), Candidate(2, 1.5, 2.5, 3.5), Candidate(3, 1, 2, 3));

        ranked.Select(r => (r.Number, string.Join(' ', r.TiedWith))).ShouldBe([(1, "3"), (3, "1"), (2, "")]);
    }

    [Fact]
    public void Rank_RunsInAnotherOrder_ArePairedBySeed()
    {
        ConfirmationCandidate one = Candidate(1, 1, 2, 3);
        ConfirmationCandidate other = Candidate(2, 1.1, 2.12, 3.1);
        ConfirmationCandidate turned = other with { Runs = [.. other.Runs.Reverse()] };

        Rank(Loss, one, turned).ShouldAllBe(r => r.TiedWith.IsEmpty);
    }

    [Theory]
    [InlineData(new[] { 0.5, 0.9, 0.69 }, 12)]
    [InlineData(new[] { 0.1, 0.2, 0.3, 0.0 }, 10)]
    [InlineData(new[] { 0.2, 0.1, 0.3, 0.0 }, 10)]
    public void Rank_Runs_ExportsTheOneNearestTheMeanAndOfEqualsTheLowerSeed(double[] values, long seed)
    {
        ConfirmationCandidate candidate = Candidate(0, [.. values.Select(v => (double?)v)]);

        Rank(Loss, candidate with { Runs = [.. candidate.Runs.Reverse()] }).Single().ExportedSeed.ShouldBe(seed);
    }

    public static TheoryData<ConfirmationCandidate[]> Unpaired => new(
        [Candidate(1, 1, 2)],
        [Candidate(1, 1, 2, 3), Candidate(2, 1, 2, 3, 4)],
        [new(1, [new(1, 1), new(1, 2), new(2, 3)])],
        [Candidate(1, 1, 2, 3), new(2, [new(10, 1), new(11, 2), new(13, 3)])]);

    [Theory]
    [MemberData(nameof(Unpaired))]
    public void Rank_NotTheSameThreeSeedsOrMore_Throws(ConfirmationCandidate[] candidates) =>
        Should.Throw<ArgumentException>(() => Rank(Loss, candidates));

    private static ImmutableArray<ConfirmedCandidate> Rank(Objective objective, params ConfirmationCandidate[] candidates) =>
        ConfirmationRanking.Rank(candidates, objective, null);

    private static IEnumerable<int> Numbers(ImmutableArray<ConfirmedCandidate> ranked) => ranked.Select(r => r.Number);

    /// <summary>Runs with the seeds 10, 11, ...</summary>
    private static ConfirmationCandidate Candidate(int number, params double?[] values) =>
        new(number, [.. values.Select((v, i) => new ConfirmationRun(10 + i, v))]);

    private static double Normal(long sample, long index)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - StableMix.Unit(StableMix.Hash(1, "radius", sample, index))));
        return radius * Math.Cos(2 * Math.PI * StableMix.Unit(StableMix.Hash(1, "angle", sample, index)));
    }
}
