using CsCheck;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

public sealed class SimulationTests
{
    private static readonly Gen<StudySpec> Spec = Gen.Select(
        Gen.Int[0, 6],
        Gen.Int[1, 20],
        Gen.Int[1, 3],
        Gen.Int[0, 8],
        Gen.Int[2, 4],
        Gen.Bool,
        Gen.Bool,
        (kind, trials, min, more, eta, maximize, baseline) => (kind switch
        {
            0 => Specs.Random(trials, min + more),
            1 => Specs.Grid(1 + (trials / 3), min, shuffled: maximize),
            2 => Specs.Halving(trials, min, min + more, eta) with { Dataset = null },
            3 => Specs.Halving(trials, min, min + more, eta),
            4 => Specs.Asha(trials, min, min + more, eta) with { Dataset = null },
            5 => Specs.Asha(trials, min, min + more, eta),
            _ => Specs.Median(trials, min + more, eta),
        }) with
        {
            Baseline = baseline,
            Objective = new() { Metric = maximize ? "val_accuracy" : "val_loss", Maximize = maximize, BestEpoch = kind != 2 },
        });

    private static readonly Gen<SimulationSettings> Calm = Gen.Select(
        Spec,
        Gen.Int[1, 9],
        Gen.Long[0, 1L << 40],
        Gen.Long[0, 1L << 40],
        Gen.Int[1, 4],
        (spec, workers, seed, order, every) =>
            new SimulationSettings { Spec = spec, Workers = workers, Seed = seed, OrderSeed = order, CheckpointEvery = every });

    // Each fault is absent in half of the studies, so that the pure cases are there too.
    private static readonly Gen<double> Chance = Gen.OneOf(Gen.Const(0.0), Gen.Double[0.0, 0.5]);

    private static readonly Gen<SimulationSettings> Deaths = Gen.Select(
        Calm, Chance, Chance, Chance, Chance, Gen.OneOf(Gen.Const(0.0), Gen.Double[0.0, 2.0]),
        (calm, child, worker, lost, repeat, delay) => calm with
        {
            ChildDeath = child,
            WorkerDeath = worker,
            LostSend = lost,
            Repeat = repeat,
            Delay = delay,
        });

    private static readonly Gen<SimulationSettings> Faults = Gen.Select(
        Deaths, Chance, Chance, Chance, Chance,
        (deaths, divergence, missing, failure, transient) => deaths with
        {
            Divergence = divergence,
            Missing = missing,
            Failure = failure,
            Transient = transient,
        });

    private static readonly Gen<SimulationSettings> Unlimited = Faults.Select(f => f with { Spec = f.Spec with { MaxFailedTrials = int.MaxValue } });

    private static readonly Gen<SimulationSettings> Everything = Gen.Select(
        Faults, Gen.Int[0, 63], Gen.Int[1, 100], Gen.Int[0, 4],
        (f, budgets, size, verbs) => f with
        {
            Verbs = verbs,
            MaxLostAttempts = 1 + (size % 5),
            Spec = f.Spec with
            {
                MaxEpochsTotal = (budgets & 1) == 0 ? null : size,
                MaxDeviceSeconds = (budgets & 2) == 0 ? null : size,
                MaxDurationS = (budgets & 4) == 0 ? null : size,
                MaxParallel = (budgets & 8) == 0 ? null : 1 + (size % 4),
                Target = (budgets & 16) == 0 ? null : f.Spec.Objective.Maximize ? 0.6 : 0.5,
                PatienceTrials = (budgets & 32) == 0 ? null : 1 + (size % 6),
                MaxFailedTrials = size % 7,
            },
        });

    [Fact]
    public void Run_Calm_FinishesWithAWinner() => Calm.Sample(
        settings =>
        {
            StudyHost host = SimulatedStudy.Run(settings);
            Ending.Check(host);
            host.Study.StopReason.ShouldBe(StopReason.Finished);
            host.Study.BestNumber.ShouldNotBeNull();
            host.Study.EpochsExecuted.ShouldBe(host.Trials.Values.Sum(t => t.Epochs));
        },
        iter: 100);

    [Fact]
    public void Run_FaultsWithoutBudgets_FinishesWholeSearch() => Unlimited.Sample(
        settings =>
        {
            StudyHost host = SimulatedStudy.Run(settings);
            Ending.Check(host);
            host.Study.StopReason.ShouldBe(StopReason.Finished);
        },
        iter: 200);

    [Fact]
    public void Run_FaultsBudgetsAndVerbs_EndsSound() => Everything.Sample(settings => Ending.Check(SimulatedStudy.Run(settings)), iter: 300);

    [Fact]
    public void Run_FaultsBudgetsAndVerbs_ReplayGivesTheSameDecisions() => Everything.Sample(
        settings => Replay.Check(SimulatedStudy.Run(settings with { Recounts = false }), settings.MaxLostAttempts),
        iter: 150);

    [Fact]
    public void Run_SameSettings_GivesTheSameLog() => Everything.Sample(
        settings => Log(SimulatedStudy.Run(settings with { Recounts = false })).ShouldBe(Log(SimulatedStudy.Run(settings with { Recounts = false }))),
        iter: 50);

    [Fact]
    public void Run_OtherWorkersAndOrder_PromotesTheSameTrials() => Gen.Select(Unlimited, Deaths).Where((a, _) => a.Spec.Algorithm.Name == "successive_halving").Sample(
        (settings, other) =>
        {
            SimulationSettings one = settings with { MaxLostAttempts = 1000, Recounts = false };
            SimulationSettings two = other with
            {
                Spec = one.Spec,
                Seed = one.Seed,
                Divergence = one.Divergence,
                Missing = one.Missing,
                Failure = one.Failure,
                Transient = one.Transient,
                MaxLostAttempts = 1000,
                Recounts = false,
            };
            StudyHost first = SimulatedStudy.Run(one);
            StudyHost second = SimulatedStudy.Run(two);
            second.Trials.Values.Select(End).ShouldBe(first.Trials.Values.Select(End));
            second.Study.BestNumber.ShouldBe(first.Study.BestNumber);
        },
        iter: 200);

    [Theory]
    [InlineData("grid")]
    [InlineData("random")]
    [InlineData("successive_halving")]
    [InlineData("asha")]
    [InlineData("median")]
    public void Run_ThousandTrialsWithFaults_EndsSound(string algorithm)
    {
        StudySpec spec = algorithm switch
        {
            "grid" => Specs.Grid(334, 3),
            "random" => Specs.Random(1000, 3),
            "asha" => Specs.Asha(1000, 1, 27),
            "median" => Specs.Median(1000, 9),
            _ => Specs.Halving(1000, 1, 27),
        };
        StudyHost host = SimulatedStudy.Run(new SimulationSettings
        {
            Spec = spec with { MaxFailedTrials = int.MaxValue },
            Workers = 16,
            Divergence = 0.05,
            Missing = 0.05,
            Failure = 0.05,
            Transient = 0.05,
            ChildDeath = 0.05,
            WorkerDeath = 0.05,
            LostSend = 0.02,
            Repeat = 0.1,
            Delay = 0.5,
            Recounts = false,
        });
        Ending.Check(host);
        host.Study.StopReason.ShouldBe(StopReason.Finished);
        host.Study.LastDecision.ShouldBe(host.Log.Count);
    }

    private static IEnumerable<string> Log(StudyHost host) => host.Log.Select(e => $"{e.Sequence} {e.At:O} {e.Input} {e.Decisions}");

    private static (int Number, TrialState State, int? Rung, double? Loss) End(Trial trial) => (trial.Number, trial.State, trial.Rung, trial.Loss);
}
