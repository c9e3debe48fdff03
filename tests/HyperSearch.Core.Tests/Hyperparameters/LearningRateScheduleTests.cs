using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Tests.Hyperparameters;

public sealed class LearningRateScheduleTests
{
    public static TheoryData<string, long, double> Horizons
    {
        get
        {
            TheoryData<string, long, double> data = [];
            foreach (string kind in HyperparameterCatalog.LrSchedule.Choices)
            {
                foreach ((long total, double warmup) in new[] { (1L, 0.0), (2, 0), (3, 0.5), (10, 0.25), (144, 0), (144, 0.1), (1000, 0.999), (7, 0.07) })
                {
                    data.Add(kind, total, warmup);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Horizons))]
    public void Factor_WholeSequence_FollowsTheFormula(string name, long total, double warmupRatio)
    {
        LearningRateSchedule schedule = new((LearningRateScheduleKind)HyperparameterCatalog.LrSchedule.Choices.IndexOf(name), total, warmupRatio);

        for (long step = 0; step < total; step++)
        {
            schedule.Factor(step).ShouldBe(Expected(name, step, total, warmupRatio), 1e-9, $"step {step} of {total}");
        }
    }

    [Fact]
    public void Factor_FirstAndLastSteps_HaveTheirKnownValues()
    {
        new LearningRateSchedule(LearningRateScheduleKind.OneCycle, 1).Factor(0).ShouldBe(1 / 25.0, 1e-15);
        new LearningRateSchedule(LearningRateScheduleKind.OneCycle, 100).Factor(0).ShouldBe(1 / 25.0, 1e-15);
        new LearningRateSchedule(LearningRateScheduleKind.OneCycle, 100).Factor(30).ShouldBe(1, 1e-15);
        new LearningRateSchedule(LearningRateScheduleKind.Linear, 10, 0.2).Factor(0).ShouldBe(0.5);
        new LearningRateSchedule(LearningRateScheduleKind.Linear, 10, 0.2).Factor(1).ShouldBe(1);
        new LearningRateSchedule(LearningRateScheduleKind.Step, 9).Factor(3).ShouldBe(0.1, 1e-15);
        new LearningRateSchedule(LearningRateScheduleKind.Step, 9).Factor(6).ShouldBe(0.01, 1e-15);
        new LearningRateSchedule(LearningRateScheduleKind.Exponential, 4).Factor(2).ShouldBe(0.1, 1e-15);
        new LearningRateSchedule(LearningRateScheduleKind.Cosine, 4).Factor(2).ShouldBe(0.5, 1e-15);
    }

    [Theory]
    [InlineData(500, 32, true, 16)]
    [InlineData(40, 13, true, 3)]
    [InlineData(40, 13, false, 4)]
    [InlineData(41, 1, true, 41)]
    [InlineData(1, 32, true, 1)]
    [InlineData(33, 32, true, 1)]
    [InlineData(33, 32, false, 2)]
    [InlineData(32, 32, true, 1)]
    [InlineData(int.MaxValue, 4096, true, 524288)]
    public void StepsPerEpoch_SingleLastExample_JoinsWithBatchNorm(int examples, int batch, bool batchNorm, int expected) =>
        LearningRateSchedule.StepsPerEpoch(examples, batch, batchNorm).ShouldBe(expected);

    [Fact]
    public void Factor_OutsideTheHorizon_Throws()
    {
        LearningRateSchedule schedule = new(LearningRateScheduleKind.Constant, 5);

        Should.Throw<ArgumentOutOfRangeException>(() => schedule.Factor(5));
        Should.Throw<ArgumentOutOfRangeException>(() => schedule.Factor(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => new LearningRateSchedule(LearningRateScheduleKind.Constant, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new LearningRateSchedule(LearningRateScheduleKind.Constant, 5, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new LearningRateSchedule(LearningRateScheduleKind.Constant, 5, double.NaN));
    }

    /// <summary>The rules' formulas, written a second time.</summary>
    private static double Expected(string name, long s, long total, double warmupRatio)
    {
        double t = total;
        if (name == "one_cycle")
        {
            double u = Math.Max(1, Math.Floor(0.3 * t + 0.5)), q = (s - u) / (t - u);
            return s < u
                ? 1.0 / 25 + 24.0 / 25 * (1 - Math.Cos(Math.PI * s / u)) / 2
                : 1.0 / 250_000 + (1 - 1.0 / 250_000) * (1 + Math.Cos(Math.PI * q)) / 2;
        }

        double w = Math.Floor(warmupRatio * t + 0.5);
        if (s < w)
        {
            return (s + 1) / w;
        }

        double p = (s - w) / (t - w);
        return name switch
        {
            "constant" => 1,
            "linear" => 1 - p,
            "cosine" => (1 + Math.Cos(Math.PI * p)) / 2,
            "step" => 3 * (s - w) < t - w ? 1 : 3 * (s - w) < 2 * (t - w) ? 0.1 : 0.01,
            "exponential" => Math.Exp(p * Math.Log(0.01)),
            _ => throw new InvalidOperationException(name),
        };
    }
}
