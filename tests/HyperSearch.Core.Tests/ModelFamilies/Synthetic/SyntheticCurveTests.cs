using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.ModelFamilies.Synthetic;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.ModelFamilies.Synthetic;

public sealed class SyntheticCurveTests
{
    // Computed apart from this code, with fifteen digits.
    [Theory]
    [InlineData(1e-3, 0.1, 1, 0, 0.512339034934)]
    [InlineData(1e-3, 0.1, 9, 0, 0.138328096089)]
    [InlineData(1e-1, 0.15, 3, 0, 0.751118395828)]
    [InlineData(1e-4, 0.5, 9, 0.5, 0.441736981656)]
    [InlineData(1e-2, 0.3, 5, 1, 0.521994378120)]
    [InlineData(1.0, 0, 1, 1, 1.194368395828)]
    public void Loss_WithoutNoise_IsTheFormula(double rate, double dropout, int epoch, double crossing, double expected)
    {
        ParameterSet parameters = ModelFamilyCatalog.Synthetic.Defaults.With(HyperparameterCatalog.LearningRate, rate).With(HyperparameterCatalog.Dropout, dropout);

        SyntheticCurve curve = new(parameters, new SyntheticOptions { Crossing = crossing }, 7, 0, 11);

        curve.Loss(epoch).ShouldBe(expected, 1e-11);
    }

    [Fact]
    public void Loss_WithNoise_DependsOnTrialAndEpochAlone()
    {
        SyntheticCurve curve = Curve(new() { Noise = 0.02 }, number: 3);

        Curve(new() { Noise = 0.02 }, number: 3).Loss(4).ShouldBe(curve.Loss(4));
        Curve(new() { Noise = 0.02 }, number: 4).Loss(4).ShouldNotBe(curve.Loss(4));
        (curve.Loss(5) - Curve(new(), 3).Loss(5)).ShouldNotBe(curve.Loss(4) - Curve(new(), 3).Loss(4));
    }

    [Fact]
    public void Loss_WithNoise_HasThatStandardDeviation()
    {
        double[] errors = [.. Enumerable.Range(0, 4000).Select(n => Curve(new() { Noise = 0.02 }, n).Loss(2) - Curve(new(), n).Loss(2))];

        double mean = errors.Average();
        mean.ShouldBe(0, 0.002);
        Math.Sqrt(errors.Average(e => (e - mean) * (e - mean))).ShouldBe(0.02, 0.001);
    }

    [Fact]
    public void FailsAt_ARate_HitsThatShareAtEvenEpochs()
    {
        int?[] epochs = [.. Enumerable.Range(0, 9000).Select(n => Curve(new() { FailureRate = 0.2, DivergenceRate = 0.1 }, n).FailsAt)];
        int?[] hit = [.. epochs.Where(e => e is not null)];

        (hit.Length / 9000.0).ShouldBe(0.2, 0.02);
        hit.GroupBy(e => e).Count().ShouldBe(9);
        hit.GroupBy(e => e).ShouldAllBe(g => g.Count() > 140 && g.Count() < 270);
        Curve(new(), 0).FailsAt.ShouldBeNull();
    }

    [Fact]
    public void DivergesAt_BesideFailures_IsDrawnApart()
    {
        SyntheticCurve[] curves = [.. Enumerable.Range(0, 5000).Select(n => Curve(new() { FailureRate = 0.5, DivergenceRate = 0.5 }, n))];

        (curves.Count(c => c.FailsAt is not null && c.DivergesAt is not null) / 5000.0).ShouldBe(0.25, 0.03);
    }

    // Computed apart from this code.
    [Fact]
    public void Curve_OfOneTrial_IsTheSameForEver()
    {
        Curve(new() { Noise = 0.02, Crossing = 0.5 }, 3).Loss(4).ShouldBe(0.454203718195238, 1e-14);
        SyntheticCurve[] curves = [.. Enumerable.Range(0, 6).Select(n => Curve(new() { FailureRate = 0.5, DivergenceRate = 0.5 }, n))];
        curves.Select(c => c.FailsAt).ShouldBe([6, 7, 7, 1, 2, null]);
        curves.Select(c => c.DivergesAt).ShouldBe([7, 1, 9, null, 1, 8]);
    }

    [Fact]
    public void StopsEarlyAt_WithPatience_IsTheFirstEpochThatFarBehindTheBest()
    {
        Enumerable.Range(0, 6).Select(n => Curve(new() { Noise = 0.5 }, n).StopsEarlyAt(new(), 2)).ShouldBe([5, 4, 5, 4, 4, 5]);
        Curve(new() { Noise = 0.5 }, 0).StopsEarlyAt(new(), 0).ShouldBeNull();
        Curve(new(), 0).StopsEarlyAt(new(), 1).ShouldBeNull();
    }

    private static SyntheticCurve Curve(SyntheticOptions options, int number) => new(ModelFamilyCatalog.Synthetic.Defaults, options, 7, number, 11);
}
