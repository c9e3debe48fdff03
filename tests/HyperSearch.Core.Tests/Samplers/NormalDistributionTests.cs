using CsCheck;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class NormalDistributionTests
{
    // erfc of the C library, halved.
    [Theory]
    [InlineData(-40, 1)]
    [InlineData(-3, 0.9986501019683699)]
    [InlineData(-0.5, 0.6914624612740131)]
    [InlineData(0, 0.5)]
    [InlineData(0.1, 0.460172162722971)]
    [InlineData(0.6, 0.2742531177500736)]
    [InlineData(1, 0.15865525393145707)]
    [InlineData(2.5, 0.006209665325776139)]
    [InlineData(5.5, 1.8989562465887738e-8)]
    [InlineData(6, 9.865876450377012e-10)]
    [InlineData(10, 7.619853024160593e-24)]
    [InlineData(30, 4.906713927148764e-198)]
    public void UpperTail_KnownNumber_IsExactToFourteenDigits(double x, double expected) =>
        (NormalDistribution.UpperTail(x) / expected).ShouldBe(1, 1e-14);

    [Theory]
    [InlineData(-1, 2, 0.8185946141203637)]
    [InlineData(5.5, 6, 1.8002974820850037e-8)]
    [InlineData(-6, -5.5, 1.8002974820850037e-8)]
    public void Between_KnownEnds_IsTheirDifference(double low, double high, double expected) =>
        (NormalDistribution.Between(low, high) / expected).ShouldBe(1, 1e-12);

    [Fact]
    public void Quantile_AnyProbability_IsTheInverse() => Gen.Double[-37, 37].Sample(x =>
    {
        // Above 0.5 a probability near 1 no longer tells numbers apart.
        double low = -Math.Abs(x);
        NormalDistribution.Quantile(NormalDistribution.UpperTail(-low)).ShouldBe(low, 1e-11);
        if (low > -5)
        {
            NormalDistribution.Quantile(NormalDistribution.UpperTail(low)).ShouldBe(-low, 1e-9);
        }
    });

    [Fact]
    public void Quantile_Ends_AreInfinite()
    {
        NormalDistribution.Quantile(0).ShouldBe(double.NegativeInfinity);
        NormalDistribution.Quantile(1).ShouldBe(double.PositiveInfinity);
        NormalDistribution.Quantile(0.5).ShouldBe(0, 1e-16);
    }
}
