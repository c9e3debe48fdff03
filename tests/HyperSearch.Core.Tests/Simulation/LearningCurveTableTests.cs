using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Tests.Simulation;

public sealed class LearningCurveTableTests
{
    private static readonly LearningCurveTable Table = LearningCurveTable.Instance;

    [Fact]
    public void Configurations_AreTheFirstThatRandomDraws()
    {
        RandomSampler sampler = new(Table.Space, 1);

        Table.Configurations.Length.ShouldBeGreaterThanOrEqualTo(200);
        Table.Configurations.ShouldBe(Enumerable.Range(0, Table.Configurations.Length).Select(i => sampler.Propose(i, TrialHistory.Empty).Parameters));
    }

    [Fact]
    public void File_IsSmall() => new FileInfo(LearningCurveTable.File).Length.ShouldBeLessThan(150_000);

    [Fact]
    public void Measurements_AreThoseOfTenClasses()
    {
        foreach ((int configuration, int epoch) in Cells())
        {
            Table.Loss(configuration, epoch).ShouldBeInRange(0.3, 100);
            Table.Accuracy(configuration, epoch).ShouldBeInRange(0.02, 0.9);
            Table.SecondsPerEpoch(configuration).ShouldBeInRange(0.01, 60);
        }
    }

    [Fact]
    public void Loss_ConfigurationOfTheTable_IsTheMeasuredOne()
    {
        foreach ((int configuration, int epoch) in Cells())
        {
            Table.Loss(Table.Configurations[configuration], epoch).ShouldBe(Table.Loss(configuration, epoch));
        }
    }

    [Fact]
    public void Loss_NextToAConfiguration_IsNearItsOwn()
    {
        ParameterSet own = Table.Configurations[0];

        Table.Loss(own.With(HyperparameterCatalog.Dropout, own.Dropout + 1e-6), 9).ShouldBe(Table.Loss(0, 9), 1e-4);
    }

    [Fact]
    public void Loss_AnyConfiguration_IsBetweenTheMeasuredOnes()
    {
        RandomSampler sampler = new(Table.Space, 2);
        double[] last = [.. Enumerable.Range(0, Table.Configurations.Length).Select(i => Table.Loss(i, 9))];
        for (int number = 0; number < 1000; number++)
        {
            Table.Loss(sampler.Propose(number, TrialHistory.Empty).Parameters, 9).ShouldBeInRange(last.Min(), last.Max());
        }
    }

    [Theory]
    [InlineData(1, 0.94, 0.05, 0.13)]
    [InlineData(3, 0.94, 0.05, 0.08)]
    [InlineData(9, 0.91, 0.07, 0.09)]
    public void Curve_LeavingTheConfigurationOut_TellsItAbout(int epoch, double rankCorrelation, double medianError, double meanError)
    {
        double[] measured = [.. Enumerable.Range(0, Table.Configurations.Length).Select(i => Table.Loss(i, epoch))];
        double[] told = [.. Enumerable.Range(0, measured.Length).Select(i => Table.Curve(Table.Configurations[i], without: i)[epoch - 1])];

        double[] errors = [.. told.Zip(measured, (t, m) => Math.Abs((t / m) - 1)).Order()];
        errors[errors.Length / 2].ShouldBeLessThan(medianError);
        errors.Average().ShouldBeLessThan(meanError);
        Correlation(Ranks(told), Ranks(measured)).ShouldBeGreaterThan(rankCorrelation);
    }

    private static IEnumerable<(int Configuration, int Epoch)> Cells() =>
        from configuration in Enumerable.Range(0, Table.Configurations.Length)
        from epoch in Enumerable.Range(1, LearningCurveTable.Epochs)
        select (configuration, epoch);

    private static double[] Ranks(double[] values)
    {
        double[] ranks = new double[values.Length];
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort([.. values], order);
        for (int rank = 0; rank < order.Length; rank++)
        {
            ranks[order[rank]] = rank;
        }

        return ranks;
    }

    private static double Correlation(double[] one, double[] other)
    {
        double a = one.Average();
        double b = other.Average();
        double squares = Math.Sqrt(one.Sum(x => (x - a) * (x - a)) * other.Sum(y => (y - b) * (y - b)));
        return one.Zip(other, (x, y) => (x - a) * (y - b)).Sum() / squares;
    }
}
