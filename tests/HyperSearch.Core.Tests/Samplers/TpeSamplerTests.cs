using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class TpeSamplerTests : SamplerSuite
{
    private const string Mixed = """
        "learning_rate": {"min": 1e-5, "max": 1e-1, "scale": "log"}, "batch_size": {"min": 1, "max": 4096, "scale": "log"},
        "dropout": {"min": 0, "max": 0.9}, "frozen_blocks": {"min": 0, "max": 4}, "lr_schedule": ["constant", "linear", "cosine"],
        "optimizer": ["adamw", "sgd"], "momentum": {"min": 0, "max": 0.99}
        """;

    protected override string Algorithm => "\"tpe\"";

    protected override ISampler Create(StudySpec spec) => SamplerCatalog.Create(spec);

    [Fact]
    public void Propose_AfterTwentyResults_IsFrozen() => All(Study(Mixed, 24, 42)).Skip(20)
        .Select(s => $"{s.LearningRate} {s.BatchSize} {s.Dropout} {s.FrozenBlocks} {s.LrSchedule} {s.Optimizer} {s[HyperparameterCatalog.Momentum]}").ShouldBe(Golden.Tpe);

    [Fact]
    public void Propose_FirstTen_AreRandoms()
    {
        StudySpec spec = Study(Mixed, 20);
        List<ParameterSet> tpe = All(spec);
        List<ParameterSet> random = All(spec with { Algorithm = spec.Algorithm with { Sampler = "random" } });
        tpe.Take(10).ShouldBe(random.Take(10));
        tpe.Skip(10).Intersect(random).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(TrialState.Completed, false)]
    [InlineData(TrialState.Paused, false)]
    [InlineData(TrialState.Pruned, false)]
    [InlineData(TrialState.Running, true)]
    [InlineData(TrialState.Dispatched, true)]
    [InlineData(TrialState.Waiting, true)]
    [InlineData(TrialState.Failed, true)]
    [InlineData(TrialState.Cancelled, true)]
    public void Propose_TenInAState_LearnsFromThoseThatGotSomewhere(TrialState state, bool isRandom)
    {
        StudySpec spec = Study(Mixed, 12);
        RandomSampler random = new(spec.Space, spec.Seed);
        List<ParameterSet> first = [.. Enumerable.Range(0, 10).Select(n => random.Propose(n, TrialHistory.Empty).Parameters)];
        TrialHistory history = Histories.Of(first.Select((set, n) => Histories.In(state, n, set, state is TrialState.Pruned && n == 0 ? null : n)));
        (Create(spec).Propose(10, history).Parameters.Equals(random.Propose(10, TrialHistory.Empty).Parameters)).ShouldBe(isRandom);
    }

    [Fact]
    public void Propose_StartUpProposalThatIsUsed_IsDrawnAgain()
    {
        StudySpec spec = Study(Mixed, 12);
        ParameterSet random = new RandomSampler(spec.Space, spec.Seed).Propose(9, TrialHistory.Empty).Parameters;
        ParameterSet tpe = Create(spec).Propose(9, Histories.Of([Histories.Waiting(3, random)])).Parameters;
        CellSpace cells = CellSpace.OfRandom(spec.Space);
        tpe.ShouldBe(cells.Of(i => cells.Axes[i].Draw(StableMix.Hash(spec.Seed, cells.Axes[i].Hyperparameter.Name, 9, 1))));
    }

    [Fact]
    public void Propose_FailedTrials_TeachNothing()
    {
        StudySpec spec = Study(Mixed, 40);
        List<Trial> trials = Completed(spec, 30);
        ParameterSet without = Create(spec).Propose(35, Histories.Of(trials)).Parameters;
        List<ParameterSet> others = All(Study(Mixed, 5, seed: 99));
        IEnumerable<Trial> failed = others.Select((set, i) => Histories.In(i % 2 == 0 ? TrialState.Failed : TrialState.Cancelled, 30 + i, set, 0));
        Create(spec).Propose(35, Histories.Of(trials.Concat(failed))).Parameters.ShouldBe(without);
    }

    [Fact]
    public void Propose_OtherOrderOfArrival_WeighsOthers()
    {
        StudySpec spec = Study(Mixed, 80);
        List<Trial> trials = Completed(spec, 60);
        IEnumerable<Trial> reversed = trials.Select(t => Histories.In(t.State, t.Number, t.Parameters, t.Loss, sequence: 100 - t.Number));
        ParameterSet proposal = Create(spec).Propose(60, Histories.Of(trials)).Parameters;
        Create(spec).Propose(60, Histories.Of(trials.AsEnumerable().Reverse())).Parameters.ShouldBe(proposal);
        Create(spec).Propose(60, Histories.Of(reversed)).Parameters.ShouldNotBe(proposal);
    }

    [Fact]
    public void Propose_RunningTrialsAtTheBestPlace_GoesElsewhere()
    {
        StudySpec spec = Study(""" "dropout": {"min": 0, "max": 0.9} """, 200);
        List<Trial> trials = [.. Enumerable.Range(0, 40).Select(n => At(spec, n, n * 0.9 / 40, TrialState.Completed, Math.Abs(n - 20)))];
        double alone = Near(spec, trials);
        double crowded = Near(spec, [.. trials, .. Enumerable.Range(40, 30).Select(n => At(spec, n, 0.45 + ((n - 55) * 1e-4), TrialState.Running, null))]);
        alone.ShouldBeGreaterThan(0.5);
        crowded.ShouldBeLessThan(alone / 2);
    }

    [Fact]
    public void Propose_EnqueuedOutsideTheSpace_CountsWhereItHasAMeaning()
    {
        StudySpec spec = Study(Mixed, 40);
        List<Trial> trials = Completed(spec, 20);
        ParameterSet outside = spec.Space.Constants.With(HyperparameterCatalog.LearningRate, 5).With(HyperparameterCatalog.Dropout, 0.95).Normalize();
        trials.Add(Histories.In(TrialState.Completed, 20, outside, -100, sequence: 21, enqueued: true));
        CellSpace cells = CellSpace.OfRandom(spec.Space);
        cells.ToUnit(outside).Take(4).Select(double.IsNaN).ShouldBe([true, false, true, false]);
        ParameterSet proposal = Create(spec).Propose(21, Histories.Of(trials)).Parameters;
        proposal.LearningRate.ShouldBeInRange(1e-5, 1e-1);
    }

    [Fact]
    public void Propose_SmoothObjective_BeatsRandomWithNinetyFivePercentConfidence()
    {
        int wins = 0;
        for (int seed = 0; seed < 30; seed++)
        {
            StudySpec spec = Study(Mixed, 60, seed);
            double tpe = Best(spec);
            double random = Best(spec with { Algorithm = spec.Algorithm with { Sampler = "random" } });
            wins += tpe < random ? 1 : 0;
        }

        // Equals win 20 of 30 or more with a probability of 0.049.
        wins.ShouldBeGreaterThanOrEqualTo(20);
    }

    [Theory]
    [InlineData("1e-7")]
    [InlineData("1e-11")]
    public void Propose_FinestLattice_NeedsNoRoomForItsPoints(string step)
    {
        StudySpec spec = Study($"\"dropout\": {{\"min\": 0, \"max\": 0.5, \"step\": {step}}}", 40);
        List<Trial> trials = Completed(spec, 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ParameterSet proposal = Create(spec).Propose(20, Histories.Of(trials)).Parameters;
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
        CellSpace.OfRandom(spec.Space).Axes[0].IndexOf(proposal.Dropout).ShouldNotBeNull();
    }

    [Fact]
    public void Propose_TenTimesTheTrials_CostsNoMore()
    {
        (StudySpec spec, TrialHistory few) = Large(2_000);
        (_, TrialHistory many) = Large(20_000);
        ISampler sampler = Create(spec);
        Allocated(sampler, 2_000, few);
        Allocated(sampler, 20_000, many);
        Allocated(sampler, 20_000, many).ShouldBeLessThan(Allocated(sampler, 2_000, few) * 3 / 2);
        Allocated(sampler, 20_000, many).ShouldBeLessThan(200_000);
    }

    private static long Allocated(ISampler sampler, int number, TrialHistory history)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        sampler.Propose(number, history);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private (StudySpec Spec, TrialHistory History) Large(int trials)
    {
        StudySpec spec = Study(Mixed, 10);
        RandomSampler random = new(spec.Space, 3);
        return (spec, Histories.Of(Enumerable.Range(0, trials)
            .Select(n => Histories.In(TrialState.Completed, n, random.Propose(n, TrialHistory.Empty).Parameters, n * 7_919 % 100_003, sequence: n))));
    }

    private List<Trial> Completed(StudySpec spec, int trials) =>
        [.. All(spec with { Trials = trials }).Select((set, n) => Histories.In(TrialState.Completed, n, set, Loss(set), sequence: n + 1))];

    private double Best(StudySpec spec) => All(spec).Min(Loss);

    private static Trial At(StudySpec spec, int number, double dropout, TrialState state, double? loss) =>
        Histories.In(state, number, spec.Space.Constants.With(HyperparameterCatalog.Dropout, dropout).Normalize(), loss, sequence: number);

    private double Near(StudySpec spec, List<Trial> trials) => Enumerable.Range(100, 100)
        .Average(n => Math.Abs(Create(spec).Propose(n, Histories.Of(trials)).Parameters.Dropout - 0.45) < 0.05 ? 1.0 : 0);
}
