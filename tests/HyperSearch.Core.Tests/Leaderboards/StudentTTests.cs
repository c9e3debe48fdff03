using HyperSearch.Core.Leaderboards;

namespace HyperSearch.Core.Tests.Leaderboards;

public sealed class StudentTTests
{
    // Two-sided 95 % points of published tables.
    [Theory]
    [InlineData(1, 12.706204736174698)]
    [InlineData(2, 4.302652729911275)]
    [InlineData(3, 3.182446305284263)]
    [InlineData(4, 2.7764451051977987)]
    [InlineData(5, 2.570581835636314)]
    [InlineData(6, 2.4469118511449692)]
    [InlineData(7, 2.3646242515927844)]
    [InlineData(8, 2.306004135204166)]
    [InlineData(9, 2.2621571627409915)]
    [InlineData(10, 2.2281388519649385)]
    [InlineData(15, 2.131449545559323)]
    [InlineData(20, 2.085963447265837)]
    [InlineData(25, 2.059538552753294)]
    [InlineData(30, 2.0422724563012373)]
    [InlineData(40, 2.021075390306273)]
    [InlineData(60, 2.000297821058262)]
    [InlineData(100, 1.9839715184496334)]
    [InlineData(120, 1.979930405052777)]
    [InlineData(200, 1.9718962236339095)]
    public void Critical_NinetyFivePercent_IsTheTables(int degreesOfFreedom, double expected) =>
        StudentT.Critical(degreesOfFreedom).ShouldBe(expected, 1e-9);

    [Theory]
    [InlineData(5, 0.99, 4.032142983557536)]
    [InlineData(10, 0.90, 1.8124611228107335)]
    [InlineData(1, 0.5, 1)]
    public void Critical_OtherConfidence_IsTheTables(int degreesOfFreedom, double confidence, double expected) =>
        StudentT.Critical(degreesOfFreedom, confidence).ShouldBe(expected, 1e-9);

    [Fact]
    public void Critical_UpToTwoHundredDegrees_HoldsNinetyFivePercentOfTheDensity()
    {
        // With t = sqrt(v) tan(x) the density of |t| is that of cos(x)^(v - 1); integrated numerically.
        for (int v = 1; v <= 200; v++)
        {
            double angle = Math.Atan(StudentT.Critical(v) / Math.Sqrt(v));
            (Integral(v - 1, angle) / Integral(v - 1, Math.PI / 2)).ShouldBe(0.95, 1e-9, $"{v} degrees of freedom");
        }
    }

    [Theory]
    [InlineData(0, 0.95)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(3, double.NaN)]
    public void Critical_NoDistributionOrNoProbability_Throws(int degreesOfFreedom, double confidence) =>
        Should.Throw<ArgumentOutOfRangeException>(() => StudentT.Critical(degreesOfFreedom, confidence));

    private static double Integral(int power, double to)
    {
        const int steps = 2000;
        double width = to / steps;
        return Enumerable.Range(0, steps + 1)
            .Sum(i => (i is 0 or steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Pow(Math.Cos(i * width), power)) * width / 3;
    }
}
