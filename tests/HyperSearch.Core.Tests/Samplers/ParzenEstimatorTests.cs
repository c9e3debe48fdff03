using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class ParzenEstimatorTests
{
    private static readonly ParameterAxis Float = new ParameterAxis.Continuous(HyperparameterCatalog.Dropout, 0, 1, false);
    private static readonly ParameterAxis Lattice = new ParameterAxis.Lattice(HyperparameterCatalog.FrozenBlocks, 0, 6, 1);
    private static readonly ParameterAxis List = new ParameterAxis.Listed(HyperparameterCatalog.LrSchedule, [0, 1, 2]);
    private static readonly ParameterAxis LogFloat = new ParameterAxis.Continuous(HyperparameterCatalog.LearningRate, 1e-4, 1e-1, true);
    private static readonly ParameterAxis LogInteger = new ParameterAxis.LogIntegers(HyperparameterCatalog.BatchSize, 1, 4096);
    private static readonly ImmutableArray<ParameterAxis> All = [Float, Lattice, List, LogFloat, LogInteger];

    // The fractional parts of i times these are even on each axis, and unlike each other.
    private static readonly double[] Steps = [0.6180339887498949, 0.7548776662466927, 0.8191725133961645, 0.8566748838545029, 0.8812714616335696];

    /// <summary>
    /// Optuna 3.1.0, _ParzenEstimator with multivariate=True and the sampler's defaults, over FloatDistribution(0, 1),
    /// IntDistribution(0, 6), CategoricalDistribution of 3, FloatDistribution(1e-4, 1e-1, log) and IntDistribution(1, 4096, log):
    /// observations; weights of the first, the second and the prior; width by the range; log_pdf at three points. 4.5.0 gives
    /// the same but for the division of kernels by their width.
    /// </summary>
    public static TheoryData<int, double, double, double, double, double[]> Reference => new()
    {
        { 0, 1, 1, 1, 1, [-2.96399861142559, -3.03290671876075, -3.16721207044925] },
        { 1, 0.5, 0.5, 0.5, 0.3333333333333333, [-3.6323366337916, -3.72409067323395, -3.85761957955967] },
        { 3, 0.25, 0.25, 0.25, 0.2, [-4.34985714261253, -4.41917502497564, -4.51464670749583] },
        { 24, 0.04, 0.04, 0.04, 0.1404989863682826, [-6.17815530832134, -6.24178050369127, -6.35724784340577] },
        { 25, 0.038461538461538464, 0.038461538461538464, 0.038461538461538464, 0.1398631573531125, [-6.21654274928466, -6.28131450461284, -6.39721125396291] },
        { 26, 0.0014771048744460856, 0.03840472673559823, 0.03840472673559823, 0.13925497984920573, [-6.21827036147094, -6.28309561148976, -6.39939160422876] },
        { 30, 0.0011661807580174927, 0.009620991253644314, 0.034985422740524776, 0.13705832242405644, [-6.31176504546442, -6.37739481534966, -6.49625993713497] },
        { 200, 4.388370817334065e-05, 9.407254683135669e-05, 0.00877674163466813, 0.1110094615569623, [-7.62276389825219, -7.57463031564619, -7.39700647484245] },
    };

    [Theory]
    [MemberData(nameof(Reference))]
    public void LogHeight_ReferenceObservations_IsOptunas(int observations, double first, double second, double last, double width, double[] densities)
    {
        ParzenEstimator estimator = Fitted(All, observations);
        estimator.Count.ShouldBe(observations + 1);
        estimator.Weights[0].ShouldBe(first, first * 1e-12);
        estimator.Weights[Math.Min(1, observations)].ShouldBe(second, second * 1e-12);
        estimator.Weights[observations].ShouldBe(last, last * 1e-12);
        if (observations > 0)
        {
            estimator.Width.ShouldBe(width, width * 1e-12);
        }

        for (int p = 0; p < densities.Length; p++)
        {
            estimator.LogHeight(Point(All, 1_000 + p)).ShouldBe(densities[p], Math.Abs(densities[p]) * 1e-12);
        }
    }

    [Fact]
    public void LogHeight_ReferenceInOneDimension_IsOptunas()
    {
        ShouldBeDensities(Fitted([Float], 200), [Float], -2.53972603439505, -2.5673462059767, -2.49698994653724);
        ShouldBeDensities(Fitted([Lattice], 30), [Lattice], -1.91097043694156, -1.95669402907509, -1.70694643469027);
        ShouldBeDensities(Fitted([List], 30), [List], -1.21639746804142, -1.21639746804142, -1.04303432619355);
        ShouldBeDensities(Fitted([Float], 20_000), [Float], -3.58616489184465, -3.58698777767616);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void LogHeight_AllPoints_SumToOne(int observations)
    {
        ParzenEstimator lattice = Fitted([Lattice], observations, missing: 3);
        Enumerable.Range(0, 7).Sum(i => Math.Exp(lattice.LogHeight([(i + 0.5) / 7]))).ShouldBe(1, 1e-12);
        ParzenEstimator list = Fitted([List], observations, missing: 3);
        Enumerable.Range(0, 3).Sum(i => Math.Exp(list.LogHeight([(i + 0.5) / 3]))).ShouldBe(1, 1e-12);
    }

    [Fact]
    public void LogHeight_DimensionWithoutValue_IsLeftOut()
    {
        ParzenEstimator estimator = Fitted([Float, Lattice, List], 12);
        double sum = Enumerable.Range(0, 7).Sum(i => Math.Exp(estimator.LogHeight([0.3, (i + 0.5) / 7, 0.5])));
        Math.Exp(estimator.LogHeight([0.3, double.NaN, 0.5])).ShouldBe(sum, 1e-12);
        estimator.LogHeight([double.NaN, double.NaN, double.NaN]).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void LogHeight_ObservationWithoutValue_HasThePriorsKernel()
    {
        ParzenEstimator estimator = new([List, Lattice, Float]);
        estimator.Fit([[double.NaN, double.NaN, double.NaN]]);
        ParzenEstimator prior = new([List, Lattice, Float]);
        prior.Fit([]);
        estimator.LogHeight([0.1, 0.2, 0.3]).ShouldBe(prior.LogHeight([0.1, 0.2, 0.3]), 1e-12);
    }

    [Fact]
    public void LogHeight_AxisOfOnePoint_CountsForNothing()
    {
        ParameterAxis single = new ParameterAxis.Listed(HyperparameterCatalog.Epochs, [3]);
        ParzenEstimator with = new([single, Float]);
        with.Fit([[0.5, 0.2], [double.NaN, 0.4]]);
        ParzenEstimator without = new([Float]);
        without.Fit([[0.2], [0.4]]);
        with.LogHeight([0.5, 0.3]).ShouldBe(without.LogHeight([0.3]));
    }

    [Fact]
    public void Fit_FewerObservationsAfterMany_ForgetsThem()
    {
        ParzenEstimator reused = Fitted(All, 200);
        reused.Fit([.. Enumerable.Range(0, 3).Select(i => Point(All, i))]);
        reused.LogHeight(Point(All, 1_000)).ShouldBe(Fitted(All, 3).LogHeight(Point(All, 1_000)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(40)]
    public void Draw_ManyKeys_HasTheMixturesDistribution(int observations)
    {
        ParzenEstimator estimator = Fitted([Float, Lattice, List], observations, missing: 2);
        double[][] drawn = [.. Enumerable.Range(0, 20_000).Select(i => Drawn(estimator, 3, (ulong)i))];
        Statistics.ShouldBeUniform(drawn.Select(p => Below(p[0], estimator, observations, missing: 2)));
        ShouldBeFrequencies(drawn.Select(p => (int)(p[1] * 7)), i => Math.Exp(estimator.LogHeight([double.NaN, (i + 0.5) / 7, double.NaN])), 7);
        ShouldBeFrequencies(drawn.Select(p => (int)(p[2] * 3)), i => Math.Exp(estimator.LogHeight([double.NaN, double.NaN, (i + 0.5) / 3])), 3);
    }

    /// <summary>The mixture's probability below a coordinate of <see cref="Float"/>.</summary>
    private static double Below(double x, ParzenEstimator estimator, int observations, int missing) =>
        Enumerable.Range(0, observations + 1).Sum(kernel =>
        {
            bool prior = kernel == observations || kernel % missing == missing - 1;
            double mean = prior ? 0.5 : Point([Float], kernel)[0];
            double width = prior ? 1 : estimator.Width;
            double inside = NormalDistribution.Between(-mean / width, (1 - mean) / width);
            return estimator.Weights[kernel] * NormalDistribution.Between(-mean / width, (x - mean) / width) / inside;
        });

    private static void ShouldBeFrequencies(IEnumerable<int> drawn, Func<int, double> probability, int points)
    {
        int[] all = [.. drawn];
        for (int i = 0; i < points; i++)
        {
            double expected = all.Length * probability(i);
            ((double)all.Count(x => x == i)).ShouldBe(expected, 4.5 * Math.Sqrt(expected));
        }
    }

    private static double[] Drawn(ParzenEstimator estimator, int dimensions, ulong key)
    {
        double[] point = new double[dimensions];
        estimator.Draw(StableMix.Fold(7, key), point);
        return point;
    }

    private static void ShouldBeDensities(ParzenEstimator estimator, ImmutableArray<ParameterAxis> axes, params double[] expected)
    {
        for (int p = 0; p < expected.Length; p++)
        {
            estimator.LogHeight(Point(axes, 1_000 + p)).ShouldBe(expected[p], 1e-12);
        }
    }

    private static ParzenEstimator Fitted(ImmutableArray<ParameterAxis> axes, int observations, int missing = int.MaxValue)
    {
        ParzenEstimator estimator = new(axes);
        estimator.Fit([.. Enumerable.Range(0, observations).Select(i => i % missing == missing - 1 ? [.. axes.Select(_ => double.NaN)] : Point(axes, i))]);
        return estimator;
    }

    private static double[] Point(ImmutableArray<ParameterAxis> axes, int i) => [.. axes.Select(axis =>
    {
        double share = (i + 1) * Steps[All.IndexOf(axis)] % 1;
        return axis.Count is { } count && axis is not ParameterAxis.LogIntegers ? (Math.Floor(share * count) + 0.5) / count : share;
    })];
}
