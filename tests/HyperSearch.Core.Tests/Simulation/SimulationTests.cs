using CsCheck;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>Every algorithm on 1, 4 and 32 workers, whatever goes wrong and whatever users do.</summary>
public sealed class SimulationTests
{
    // Each fault is absent in half of the studies, so that the pure cases are there too.
    private static readonly Gen<double> Chance = Gen.OneOf(Gen.Const(0.0), Gen.Double[0.0, 0.5]);

    public static TheoryData<string, string, bool> Algorithms => [.. AnyStudy.Algorithms];

    /// <summary>Rungs that decide as a whole, over configurations that do not depend on results.</summary>
    public static TheoryData<string, string> Repeatable =>
        [.. AnyStudy.Algorithms.Where(a => a.Name is AlgorithmCatalog.SuccessiveHalving or AlgorithmCatalog.Hyperband && a.Sampler != SamplerCatalog.Tpe).Select(a => (a.Name, a.Sampler))];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Run_Calm_FinishesWithAWinner(string name, string sampler, bool median) => Calm((name, sampler, median)).Sample(
        settings =>
        {
            StudyHost host = SimulatedStudy.Run(settings);
            Ending.Check(host);
            host.Study.StopReason.ShouldBe(host.Spec.SpaceExhausted ? StopReason.SpaceExhausted : StopReason.Finished);
            host.Study.BestNumber.ShouldNotBeNull();
            host.Study.EpochsExecuted.ShouldBe(host.Trials.Values.Sum(t => t.Epochs));
        },
        iter: 8);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Run_Faults_FinishesWholeSearch(string name, string sampler, bool median) => Faults((name, sampler, median)).Sample(
        settings =>
        {
            StudyHost host = SimulatedStudy.Run(settings);
            Ending.Check(host);
            host.Study.StopReason.ShouldBe(host.Spec.SpaceExhausted ? StopReason.SpaceExhausted : StopReason.Finished);
        },
        iter: 12);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Run_FaultsAndChanges_FinishesWholeSearch(string name, string sampler, bool median) => Changed((name, sampler, median)).Sample(
        settings =>
        {
            StudyHost host = SimulatedStudy.Run(settings);
            Ending.Check(host);
            (host.Study.StopReason is StopReason.Finished or StopReason.SpaceExhausted).ShouldBeTrue();
        },
        iter: 12);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Run_Everything_EndsSoundAndReplaysAlike(string name, string sampler, bool median) => Everything((name, sampler, median)).Sample(
        settings =>
        {
            StudyHost host = SimulatedStudy.Run(settings);
            Ending.Check(host);
            Replay.Check(host, settings.MaxLostAttempts);
        },
        iter: 16);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Run_SameSettings_GivesTheSameLog(string name, string sampler, bool median) => Everything((name, sampler, median)).Sample(
        settings => Log(SimulatedStudy.Run(settings with { Recounts = false })).ShouldBe(Log(SimulatedStudy.Run(settings with { Recounts = false }))),
        iter: 4);

    [Theory]
    [MemberData(nameof(Repeatable))]
    public void Run_OtherWorkersAndOrder_PromotesTheSameTrials(string name, string sampler) => Gen.Select(Faults((name, sampler, false)), Faults((name, sampler, false))).Sample(
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
        iter: 25);

    private static Gen<SimulationSettings> Calm((string Name, string Sampler, bool Median) algorithm) => Gen.Select(
        AnyStudy.Of(algorithm),
        Gen.OneOf(Gen.Const(1), Gen.Const(4), Gen.Const(32)),
        Gen.Long[0, 1L << 40],
        Gen.Long[0, 1L << 40],
        Gen.Int[1, 4],
        (spec, workers, seed, order, every) =>
            new SimulationSettings { Spec = spec, Workers = workers, Seed = seed, OrderSeed = order, CheckpointEvery = every });

    private static Gen<SimulationSettings> Deaths((string Name, string Sampler, bool Median) algorithm) => Gen.Select(
        Calm(algorithm), Chance, Chance, Chance, Chance, Gen.OneOf(Gen.Const(0.0), Gen.Double[0.0, 2.0]),
        (calm, child, worker, lost, repeat, delay) => calm with
        {
            ChildDeath = child,
            WorkerDeath = worker,
            LostSend = lost,
            Repeat = repeat,
            Delay = delay,
        });

    private static Gen<SimulationSettings> Faults((string Name, string Sampler, bool Median) algorithm) => Gen.Select(
        Deaths(algorithm), Chance, Chance, Chance, Chance,
        (deaths, divergence, missing, failure, transient) => deaths with
        {
            Divergence = divergence,
            Missing = missing,
            Failure = failure,
            Transient = transient,
        });

    /// <summary>Configurations are enqueued, trials cancelled and tried again, limits changed.</summary>
    private static Gen<SimulationSettings> Changed((string Name, string Sampler, bool Median) algorithm) => Gen.Select(
        Faults(algorithm), Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 3], Gen.Int[1, 5], Chance,
        (faults, enqueues, verbs, patches, lost, early) => faults with
        {
            Enqueues = enqueues,
            TrialVerbs = verbs,
            Patches = patches,
            MaxLostAttempts = lost,
            EarlyStop = early,
        });

    /// <summary>Budgets run out and the study is paused, stopped or cancelled besides.</summary>
    private static Gen<SimulationSettings> Everything((string Name, string Sampler, bool Median) algorithm) => Gen.Select(
        Changed(algorithm), Gen.Int[0, 127], Gen.Int[1, 100], Gen.Int[0, 4],
        (c, budgets, size, verbs) => c with
        {
            Verbs = verbs,
            Spec = c.Spec with
            {
                MaxEpochsTotal = (budgets & 1) == 0 ? null : size,
                MaxDeviceSeconds = (budgets & 2) == 0 ? null : size,
                MaxDurationS = (budgets & 4) == 0 ? null : size,
                MaxParallel = (budgets & 8) == 0 ? null : 1 + (size % 4),
                Target = (budgets & 16) == 0 ? null : c.Spec.Objective.Maximize ? 0.6 : 0.5,
                PatienceTrials = (budgets & 32) == 0 ? null : 1 + (size % 6),
                MaxFailedTrials = (budgets & 64) == 0 ? int.MaxValue : size % 7,
            },
        });

    private static IEnumerable<string> Log(StudyHost host) => host.Log.Select(e => $"{e.Sequence} {e.At:O} {e.Input} {e.Decisions}");

    private static (int Number, TrialState State, int? Rung, double? Loss) End(Trial trial) => (trial.Number, trial.State, trial.Rung, trial.Loss);
}
