using CsCheck;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class RandomSamplerTests : HistoryFreeSamplerSuite
{
    private const string Default = Golden.DrawnSpace;

    protected override string Algorithm => "\"random\"";

    protected override ISampler Create(StudySpec spec) => SamplerCatalog.Create(spec);

    [Fact]
    public void Propose_LargeSpace_IsFrozen() =>
        All(Study(Default, 3, 42)).Select(s => $"{s.LearningRate} {s.BatchSize} {s.Dropout} {s.WeightDecay} {s.LrSchedule} {s.FrozenBlocks}").ShouldBe(Golden.Drawn);

    [Fact]
    public void Propose_FiniteSpace_IsFrozen() =>
        All(Study(""" "batch_size": [16, 32, 64], "optimizer": ["adamw", "sgd"], "momentum": [0.5, 0.9], "frozen_blocks": {"min": 0, "max": 4} """, 6, 42))
            .Select(s => $"{s.BatchSize} {s.Optimizer} {s[HyperparameterCatalog.Momentum]} {s.FrozenBlocks}").ShouldBe(Golden.Cells);

    [Fact]
    public void Propose_LogIntegers_IsFrozen() =>
        All(Study(""" "batch_size": {"min": 1, "max": 4096, "scale": "log"} """, 8, 42)).Select(s => $"{s.BatchSize}").ShouldBe(Golden.Integers);

    [Fact]
    public void Propose_FurtherParameter_DoesNotMoveTheOthers()
    {
        List<ParameterSet> few = All(Study(Default, 100));
        List<ParameterSet> more = All(Study("\"label_smoothing\": {\"min\": 0, \"max\": 0.2}," + Default, 100));
        for (int n = 0; n < 100; n++)
        {
            more[n].With(HyperparameterCatalog.LabelSmoothing, 0).ShouldBe(few[n]);
        }
    }

    [Fact]
    public void Propose_OtherSeed_GivesOtherValues() =>
        All(Study(Default, 50, 1)).Intersect(All(Study(Default, 50, 2))).ShouldBeEmpty();

    [Fact]
    public void Propose_AnyFiniteSpace_CoversItWithoutRepeats() => Gen.Select(Gen.Long[0, 1L << 40], Gen.Int[1, 40], Gen.Int[0, 4], Gen.Bool)
        .Sample((seed, batches, blocks, log) =>
        {
            SearchSpace space = Study($$""" "batch_size": {"min": 1, "max": {{batches}}, "scale": "{{(log ? "log" : "linear")}}"}, "frozen_blocks": {"min": 0, "max": {{blocks}}}, "unfreeze_every": [0, 2, 3] """, 1).Space;
            RandomSampler random = new(space, seed);
            random.Count.ShouldBe(batches * ((3 * blocks) + 1));
            int count = (int)random.Count!;
            Enumerable.Range(0, count).Select(n => random.Propose(n, TrialHistory.Empty).Parameters).Distinct().Count().ShouldBe(count);
        }, iter: 60);

    [Fact]
    public void Propose_MeaninglessContinuum_IsOneConfiguration()
    {
        StudySpec spec = Study(""" "momentum": {"min": 0.1, "max": 0.9} """);
        spec.Trials.ShouldBe(1);
        spec.SpaceExhausted.ShouldBeTrue();
    }

    [Fact]
    public void Propose_ContinuumBesideValuesWithoutIt_NeverRepeats()
    {
        List<ParameterSet> all = All(Study(""" "optimizer": ["adamw", "sgd"], "momentum": {"min": 0.1, "max": 0.9} """, 500));
        all.Count(s => s.Optimizer == OptimizerKind.AdamW).ShouldBe(1);
        all.Distinct().Count().ShouldBe(500);
    }

    [Fact]
    public void Propose_ContinuumBesideEnqueued_DrawsEveryOtherNumberAsWithout()
    {
        StudySpec spec = Study(Default, 40);
        List<ParameterSet> without = All(spec);
        List<Trial> trials = [.. without.Select((set, n) => Histories.Waiting(n, n == 5 ? without[9] : set, n == 5))];
        TrialHistory history = Histories.Of(trials.Where(t => t.Enqueued));
        ISampler sampler = Create(spec);
        sampler.Propose(9, history).Parameters.ShouldNotBe(without[9]);
        Enumerable.Range(0, 40).Where(n => n is not (5 or 9)).Select(n => sampler.Propose(n, history).Parameters)
            .ShouldBe(without.Where((_, n) => n is not (5 or 9)));
    }

    [Fact]
    public void Contains_Continuum_IsFalse()
    {
        StudySpec spec = Study(Default, 2);
        All(spec).ShouldAllBe(set => !Create(spec).Contains(set));
    }

    [Fact]
    public void Contains_LatticesAndDecimals_AreFoundByValue()
    {
        StudySpec spec = Study(""" "dropout": {"min": 0.1, "max": 0.10000000005}, "batch_size": {"min": 1, "max": 64, "scale": "log"}, "warmup_ratio": {"min": 0.1, "max": 0.7, "step": 0.1} """, 500);
        ISampler sampler = Create(spec);
        List<ParameterSet> all = All(spec);
        all.ShouldAllBe(set => sampler.Contains(set));
        ParameterSet some = all[0];
        sampler.Contains(some.With(HyperparameterCatalog.Dropout, 0.1000000000005)).ShouldBeFalse();
        sampler.Contains(some.With(HyperparameterCatalog.Dropout, 0.10000000005)).ShouldBeTrue();
        sampler.Contains(some.With(HyperparameterCatalog.BatchSize, 65)).ShouldBeFalse();
        sampler.Contains(some.With(HyperparameterCatalog.WarmupRatio, 0.3)).ShouldBeTrue();
    }

    [Fact]
    public void Propose_NarrowRange_IsItsFewDecimals()
    {
        StudySpec spec = Study(""" "dropout": {"min": 0.1, "max": 0.10000000005} """);
        spec.Trials.ShouldBe(51);
        All(spec).Select(s => s.Dropout).Distinct().Count().ShouldBe(51);
        All(spec).Select(s => s.Dropout).ShouldAllBe(d => d >= 0.1 && d <= 0.10000000005);
    }

    [Fact]
    public void Propose_HugeFiniteSpace_NeverRepeatsAndKeepsNothing()
    {
        StudySpec spec = Study(""" "batch_size": {"min": 1, "max": 4096}, "epochs": {"min": 1, "max": 9999}, "unfreeze_every": {"min": 0, "max": 9999}, "frozen_blocks": {"min": 1, "max": 4} """, 2_000);
        SamplerCatalog.DistinctConfigurations(spec.Space, "random").ShouldBe(4096L * 9999 * 10_000 * 4);
        All(spec).Distinct().Count().ShouldBe(2_000);
    }

    [Fact]
    public void Propose_TwoBillionCells_AreNotEnumerated()
    {
        StudySpec spec = Study(""" "batch_size": {"min": 1, "max": 4096}, "epochs": {"min": 1, "max": 9999}, "frozen_blocks": {"min": 0, "max": 1}, "unfreeze_every": {"min": 0, "max": 20} """, 5_000);
        All(spec).Distinct().Count().ShouldBe(5_000);
    }

    [Fact]
    public void Propose_LogIntegersUntilExhausted_CoversEveryCell()
    {
        StudySpec spec = Study(""" "batch_size": {"min": 1, "max": 2000, "scale": "log"}, "lr_schedule": ["linear", "cosine", "step", "one_cycle"] """, 8_000);
        All(spec).Distinct().Count().ShouldBe(8_000);
    }

    [Fact]
    public void Propose_LogRange_IsUniformOnTheLogarithm() =>
        Statistics.ShouldBeUniform(All(Study(Default, 20_000)).Select(s => (Math.Log10(s.LearningRate) + 4) / 3));

    [Fact]
    public void Propose_LinearRange_IsUniform() => Statistics.ShouldBeUniform(All(Study(Default, 20_000)).Select(s => s.Dropout / 0.5));

    [Fact]
    public void Propose_LogIntegersOfLargeSpace_AreUniformOnTheLogarithm()
    {
        List<ParameterSet> all = All(Study(""" "batch_size": {"min": 1, "max": 4096, "scale": "log"}, "dropout": {"min": 0, "max": 0.5} """, 20_000));
        int ones = all.Count(s => s.BatchSize == 1);
        double expected = 20_000 * Math.Log(3) / Math.Log(2 * 4096.5);
        ones.ShouldBeInRange((int)(expected - 5 * Math.Sqrt(expected)), (int)(expected + 5 * Math.Sqrt(expected)));
    }

    [Fact]
    public void Propose_Choices_AreEquallyLikely()
    {
        List<ParameterSet> all = All(Study(Default, 9_000));
        foreach (LearningRateScheduleKind kind in (LearningRateScheduleKind[])[LearningRateScheduleKind.Constant, LearningRateScheduleKind.Linear, LearningRateScheduleKind.Cosine])
        {
            all.Count(s => s.LrSchedule == kind).ShouldBeInRange(2_750, 3_250);
        }
    }
}
