using System.Collections.Immutable;
using CsCheck;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Importances;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Tests.Importances;

public sealed class PedAnovaTests
{
    private static readonly Hyperparameter A = HyperparameterCatalog.LearningRate;
    private static readonly Hyperparameter B = HyperparameterCatalog.Dropout;
    private static readonly Hyperparameter C = HyperparameterCatalog.LabelSmoothing;
    private static readonly Hyperparameter Choice = HyperparameterCatalog.LrSchedule;
    private static readonly Hyperparameter Integer = HyperparameterCatalog.FrozenBlocks;

    private static readonly ImmutableArray<ParameterDomain> Mixed =
    [
        Range(A, 1e-4, 1, log: true),
        Range(B, 0, 0.5),
        Range(C, 0, 0.9),
        new ParameterDomain.Listed(Choice, [0, 1, 2]),
        Range(Integer, 0, 4),
    ];

    [Fact]
    public void Evaluate_TwoSquaresAtManyTrials_IsWhatTheIntegralsGive()
    {
        // The best tenth of 10 a^2 + 3 b^2 is a quarter of an ellipse. With t = 0.4 sqrt(30) / pi its half axes are sqrt(t / 10)
        // and sqrt(t / 3), and a half circle's density of half axis h has the divergence 32 / (3 pi^2 h) - 1 from the uniform.
        double t = 0.4 * Math.Sqrt(30) / Math.PI;
        double a = (32 / (3 * Math.PI * Math.PI * Math.Sqrt(t / 10))) - 1;
        double b = (32 / (3 * Math.PI * Math.PI * Math.Sqrt(t / 3))) - 1;

        ImportanceResult.Known result = Known(Space(Mixed), 100_000, 1, Squares);

        Of(result, A).ShouldBe(a / (a + b), 0.02);
        Of(result, B).ShouldBe(b / (a + b), 0.02);
        (Of(result, C) + Of(result, Choice) + Of(result, Integer)).ShouldBeLessThan(0.001);
    }

    [Fact]
    public void Evaluate_TwoSquares_OrdersThemWithEverySeed()
    {
        for (long seed = 1; seed <= 30; seed++)
        {
            ImportanceResult.Known result = Known(Space(Mixed), 300, seed, Squares);

            result.Importances.Take(2).Select(i => i.Hyperparameter).ShouldBe([A, B], $"seed {seed}");
            result.Importances.Skip(2).Sum(i => i.Importance).ShouldBeLessThan(0.15, $"seed {seed}");
        }
    }

    [Fact]
    public void Evaluate_OneChoiceOfThreeAndHalfARange_AreTwoToOne()
    {
        // Densities of 3 and of 2 where it is good have the divergences 2 and 1 from the uniform.
        ImportanceResult.Known result = Known(Space(Mixed), 50_000, 1, ThirdAndHalf);

        Of(result, Choice).ShouldBe(2 / 3.0, 0.02);
        Of(result, B).ShouldBe(1 / 3.0, 0.02);
    }

    [Fact]
    public void Evaluate_OneChoiceOfThreeAndHalfARange_OrdersThemWithEverySeed()
    {
        for (long seed = 1; seed <= 30; seed++)
        {
            ImportanceResult.Known result = Known(Space(Mixed), 300, seed, ThirdAndHalf);

            result.Importances[0].Hyperparameter.ShouldBe(Choice, $"seed {seed}");
            result.Importances[1].Hyperparameter.ShouldBe(B, $"seed {seed}");
        }
    }

    [Fact]
    public void Evaluate_OneIntegerDecides_IsMostImportantWithEverySeed()
    {
        for (long seed = 1; seed <= 30; seed++)
        {
            Known(Space(Mixed), 300, seed, s => Math.Abs(s.FrozenBlocks - 3) + (0.1 * s.LabelSmoothing)).Importances[0].Hyperparameter.ShouldBe(Integer);
        }
    }

    [Fact]
    public void Evaluate_LogIntegers_ComparesThemOnTheirScale()
    {
        // Good below 8 of 4,096: three of twelve doublings, but a five-hundredth of the linear scale.
        SearchSpace space = Space(Range(HyperparameterCatalog.BatchSize, 1, 4096, log: true), Range(B, 0, 0.5));

        Of(Known(space, 500, 3, s => s.BatchSize < 8 ? s.Dropout : 1), HyperparameterCatalog.BatchSize).ShouldBeGreaterThan(0.4);
    }

    [Fact]
    public void Evaluate_OtherDeclaredOrder_GivesTheSame()
    {
        ImportanceResult.Known result = Known(Space(Mixed), 200, 5, Squares);

        Known(Space([.. Mixed.Reverse()]), 200, 5, Squares).Importances.ShouldBe(result.Importances);
    }

    [Fact]
    public void Evaluate_MonotoneTransformationOfTheLoss_GivesTheSame()
    {
        ImportanceResult.Known result = Known(Space(Mixed), 200, 5, Squares);

        Known(Space(Mixed), 200, 5, s => Math.Exp(Squares(s)) - 1000).Importances.ShouldBe(result.Importances);
    }

    [Theory]
    [InlineData(20, 5, true)]
    [InlineData(49, 5, true)]
    [InlineData(50, 5, false)]
    [InlineData(51, 6, false)]
    [InlineData(100, 10, false)]
    [InlineData(101, 11, false)]
    public void Evaluate_Trials_NamesMethodRungAndSizes(int trials, int best, bool unstable)
    {
        ImportanceResult.Known result = Known(Space(Mixed), trials, 1, Squares);

        (result.Method, result.Rung, result.Trials, result.Best, result.Unstable).ShouldBe(("ped-anova", 0, trials, best, unstable));
    }

    [Fact]
    public void Evaluate_NineteenFiniteTrials_AreTooFew()
    {
        SearchSpace space = Space(Mixed);
        List<(ParameterSet, double)> trials = [.. Trials(space, 19, 1, Squares), .. Trials(space, 40, 2, _ => double.NaN)];

        PedAnova.Evaluate(space, trials, null).ShouldBe(new ImportanceResult.TooFew(null, 19));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Evaluate_LossNotFinite_IsLeftOut(double loss)
    {
        SearchSpace space = Space(Mixed);
        List<(ParameterSet, double)> trials = Trials(space, 60, 1, Squares);

        ImportanceResult with = PedAnova.Evaluate(space, [.. Trials(space, 60, 2, _ => loss), .. trials], 0);

        ((ImportanceResult.Known)with).Importances.ShouldBe(((ImportanceResult.Known)PedAnova.Evaluate(space, trials, 0)).Importances);
    }

    [Fact]
    public void Evaluate_EqualLosses_TakesTheFirstTrials()
    {
        SearchSpace space = Space(new ParameterDomain.Listed(Choice, [0, 1, 2]), Range(B, 0, 0.5));
        ParameterSet set = space.Constants;
        List<(ParameterSet, double)> trials = [.. Enumerable.Range(0, 60).Select(i => (set.With(Choice, i < 6 ? 1 : 2), 1.0))];

        Of((ImportanceResult.Known)PedAnova.Evaluate(space, trials, null), Choice).ShouldBe(1);
    }

    [Fact]
    public void Evaluate_EqualParameters_AreAllZero()
    {
        SearchSpace space = Space(Mixed);
        List<(ParameterSet, double)> trials = [.. Enumerable.Range(0, 60).Select(i => (space.Constants, (double)i))];

        ((ImportanceResult.Known)PedAnova.Evaluate(space, trials, null)).Importances.Select(i => i.Importance).ShouldAllBe(i => i == 0);
    }

    [Fact]
    public void Evaluate_ParameterNormalisedAway_DoesNotCountWhatItsGateExplains()
    {
        SearchSpace space = Gated();
        ImportanceResult.Known gateAlone = Known(space, 2000, 1, s => (s.Optimizer == OptimizerKind.Sgd ? 0 : 1) + (0.1 * s.Dropout));
        ImportanceResult.Known both = Known(space, 2000, 1, s => s.Optimizer == OptimizerKind.Sgd ? Math.Abs(s.Momentum - 0.5) : 2);

        gateAlone.Importances[^1].Hyperparameter.ShouldBe(HyperparameterCatalog.Momentum);
        Of(gateAlone, HyperparameterCatalog.Momentum).ShouldBeLessThan(0.02);
        Of(both, HyperparameterCatalog.Momentum).ShouldBeGreaterThan(Of(both, HyperparameterCatalog.Optimizer));
    }

    [Fact]
    public void Evaluate_NoGoodTrialHasTheParameter_HasNoImportance() =>
        Of(Known(Gated(), 400, 1, s => s.Optimizer == OptimizerKind.AdamW ? s.Dropout : 2 + s.Momentum), HyperparameterCatalog.Momentum).ShouldBe(0);

    [Fact]
    public void Evaluate_ValuesFromOutsideTheSpace_AreCounted()
    {
        SearchSpace space = Space(Range(HyperparameterCatalog.WeightDecay, 1e-6, 0.1, log: true), new ParameterDomain.Listed(Choice, [0, 1]));
        IEnumerable<(ParameterSet, double)> enqueued = Enumerable.Range(0, 10).Select(i =>
            (space.Constants.With(HyperparameterCatalog.WeightDecay, i % 2 == 0 ? 0 : 1e3).With(Choice, 5), -1.0));

        ImportanceResult.Known result = (ImportanceResult.Known)PedAnova.Evaluate(space, [.. Trials(space, 90, 1, s => s.WeightDecay), .. enqueued], null);

        // The ten best of a hundred are exactly those with the sixth choice, which nothing beats.
        result.Importances[0].Hyperparameter.ShouldBe(Choice);
    }

    [Fact]
    public void Evaluate_AnyTrials_AddUpToOneOrNothing() => Gen.Select(Gen.Long[0, 1L << 40], Gen.Int[20, 120], Gen.Int[1, 4]).Sample(
        (seed, n, levels) =>
        {
            ImportanceResult.Known result = Known(Space(Mixed), n, seed, s => Math.Floor(levels * s.Dropout));

            result.Importances.Select(i => i.Hyperparameter).Order(Comparer<Hyperparameter>.Create((x, y) => x.Index - y.Index))
                .ShouldBe(Mixed.Select(d => d.Hyperparameter).OrderBy(h => h.Index));
            result.Importances.ShouldAllBe(i => i.Importance >= 0 && i.Importance <= 1);
            result.Importances.Zip(result.Importances.Skip(1)).ShouldAllBe(p => p.First.Importance >= p.Second.Importance);
            result.Importances.Sum(i => i.Importance).ShouldBe(1, 1e-9);
        },
        iter: 200);

    [Fact]
    public void Evaluate_HundredThousandTrials_AllocatesAFewMegabytes()
    {
        SearchSpace space = Space(Mixed);
        List<(ParameterSet, double)> trials = Trials(space, 100_000, 1, Squares);
        long before = GC.GetAllocatedBytesForCurrentThread();

        PedAnova.Evaluate(space, trials, null);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(5_000_000);
    }

    private static double Squares(ParameterSet s)
    {
        double a = Math.Log(s.LearningRate / 1e-4) / Math.Log(1e4);
        double b = s.Dropout / 0.5;
        return (10 * a * a) + (3 * b * b);
    }

    private static double ThirdAndHalf(ParameterSet s) => (s[Choice] == 1 ? 0 : 1) + (s.Dropout < 0.25 ? 0 : 1);

    private static SearchSpace Gated() => Space(
        new ParameterDomain.Listed(HyperparameterCatalog.Optimizer, [0, 1]), Range(HyperparameterCatalog.Momentum, 0, 0.99), Range(B, 0, 0.5));

    private static double Of(ImportanceResult.Known result, Hyperparameter h) => result.Importances.Single(i => i.Hyperparameter == h).Importance;

    private static ImportanceResult.Known Known(SearchSpace space, int n, long seed, Func<ParameterSet, double> loss) =>
        PedAnova.Evaluate(space, Trials(space, n, seed, loss), 0).ShouldBeOfType<ImportanceResult.Known>();

    private static List<(ParameterSet Parameters, double Loss)> Trials(SearchSpace space, int n, long seed, Func<ParameterSet, double> loss)
    {
        RandomSampler sampler = new(space, seed);
        return [.. Enumerable.Range(0, n).Select(i => sampler.Propose(i, HyperSearch.Core.Samplers.TrialHistory.Empty).Parameters).Select(p => (p, loss(p)))];
    }

    private static ParameterDomain.Ranged Range(Hyperparameter h, double min, double max, bool log = false) => new(h, min, max, log, null, null);

    private static SearchSpace Space(params ImmutableArray<ParameterDomain> domains) =>
        new() { Domains = domains, Constants = ModelFamilyCatalog.Convnet.Defaults };
}
