using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

public sealed class StudySimulationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>81 trials, 1 to 27 epochs, eta 3, one worker: exactly what the plan says.</summary>
    [Theory]
    [InlineData("successive_halving", 243)]
    [InlineData("hyperband", 357)]
    public void Run_SynchronousOnOneWorker_ExecutesThePlannedEpochs(string name, double epochs)
    {
        SimulationResult result = Run(Sequential(name), workers: 1, seeds: 5);
        result.EpochsExecuted.ShouldBe(new(5, epochs, 0));
        result.WallSeconds.ShouldBe(new(5, epochs, 0));
        result.DeviceSeconds.ShouldBe(new(5, epochs, 0));
    }

    /// <summary>asha promotes before it has seen all, so it executes somewhat more than its synchronous sibling.</summary>
    [Fact]
    public void Run_AshaOnOneWorker_ExecutesLittleMoreThanThePlan()
    {
        SimulationResult result = Run(Sequential("asha"), workers: 1, seeds: 5);
        result.EpochsExecuted.Mean!.Value.ShouldBeInRange(243, 1.5 * 243);
        result.EpochsExecuted.Mean.ShouldBe(result.WallSeconds.Mean);
        result.StopReasons.ShouldBe([new(StopReason.Finished, 5)]);
    }

    [Fact]
    public void Run_ManyWorkers_TakesWholeRounds()
    {
        SimulationResult halving = Run(Sequential("successive_halving", "\"noise\": 0.02, \"crossing\": 0.5, \"epoch_ms\": 500"), workers: 9, seeds: 5);
        // 81@1, 27@3, 9@9 on nine workers, then 3@27 on three of them; half a second an epoch.
        halving.WallSeconds.ShouldBe(new(5, 0.5 * (9 + (3 * 2) + 6 + 18), 0));
        halving.DeviceSeconds.ShouldBe(new(5, 0.5 * 243, 0));
        halving.EpochSeconds.ShouldBe(0.5);
        SimulationResult asha = Run(Sequential("asha"), workers: 9, seeds: 5);
        asha.WallSeconds.Mean!.Value.ShouldBeInRange(asha.DeviceSeconds.Mean!.Value / 9, asha.DeviceSeconds.Mean.Value / 3);
    }

    [Fact]
    public void Run_FailuresAndDivergence_HaveTheirRates()
    {
        StudySpec spec = Requests.Valid(Requests.With("\"max_trials\": 100, \"baseline\": false, \"max_failed_trials\": 100").Replace(
            "\"synthetic\"", "{\"family\": \"synthetic\", \"failure_rate\": 0.1, \"divergence_rate\": 0.2}", StringComparison.Ordinal));
        SimulationResult result = Run(spec, workers: 4, seeds: 50);
        result.Trials[TrialState.Failed].Mean!.Value.ShouldBe(10, 1.5);
        // A trial that would do both does what comes first.
        result.Trials[TrialState.Pruned].Mean!.Value.ShouldBe(19, 2);
        result.Trials.Values.Sum(f => f.Mean!.Value).ShouldBe(100, 1e-9);
        result.Trials[TrialState.Failed].StandardError!.Value.ShouldBe(3 / Math.Sqrt(50), 0.15);
    }

    [Fact]
    public void Run_Noise_LooksBetterThanItIs()
    {
        SimulationResult noisy = Run(Sequential("successive_halving", "\"noise\": 0.002"), workers: 4, seeds: 20);
        noisy.Value.Mean!.Value.ShouldBeLessThan(noisy.TrueValue.Mean!.Value - (2 * noisy.TrueValue.StandardError!.Value));
        SimulationResult plain = Run(Sequential("successive_halving"), workers: 4, seeds: 3);
        plain.Value.ShouldBe(plain.TrueValue);
    }

    [Fact]
    public void Run_SameStudy_GivesTheSameAndOtherSeedsDiffer()
    {
        StudySpec spec = Sequential("asha", "\"noise\": 0.001");
        string first = Run(spec, 4, 3).ToString();
        Run(spec, 4, 3).ToString().ShouldBe(first);
        StudySimulation.Seeded(spec, 0).ShouldBe(spec);
        Enumerable.Range(0, 20).Select(i => StudySimulation.Seeded(spec, i).Seed).Distinct().Count().ShouldBe(20);
        Run(spec, 4, 2).Value.StandardError.ShouldNotBe(0);
    }

    [Fact]
    public void Run_EarlyStoppingBudgetsAndConfirmation_CountAsInAStudy()
    {
        StudySpec spec = Requests.Valid(Requests.With("\"max_trials\": 10, \"max_epochs_total\": 40"));
        SimulationResult result = Run(spec, 2, 1);
        (result.EpochsExecuted.Mean, result.StopReasons.Keys.Single()).ShouldBe((36, StopReason.MaxEpochsTotal));
        spec = Requests.Valid(Requests.With("\"max_trials\": 10, \"confirm\": {\"top\": 1, \"seeds\": 3}"));
        Run(spec, 2, 1).EpochsExecuted.Mean.ShouldBe((11 * 9) + (2 * 3 * 9));
        spec = Requests.Valid(Requests.With("\"max_trials\": 10, \"max_duration_s\": 20.5, \"baseline\": false"));
        result = Run(spec, 2, 1);
        (result.WallSeconds.Mean, result.StopReasons.Keys.Single()).ShouldBe((27, StopReason.MaxDurationS));
    }

    [Fact]
    public void Run_OtherFamily_IsRefused() =>
        Should.Throw<ArgumentException>(() => Run(Specs.Random(), 1, 1)).Message.ShouldContain(ModelFamilyCatalog.Convnet.Name);

    [Fact]
    public void Run_Cancelled_Ends()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => StudySimulation.Run(Sequential("asha"), 1, 1, cancellationToken: source.Token));
    }

    [Theory]
    [InlineData("\"algorithm\": {\"name\": \"successive_halving\", \"max_epochs\": 27}, \"max_trials\": 81, \"baseline\": false", 243)]
    [InlineData("\"algorithm\": \"random\", \"max_trials\": 10", 99)]
    [InlineData("\"algorithm\": \"tpe\", \"max_trials\": 20", 189 + 2000)]
    public void Work_OfAStudy_IsItsEpochsAndProposals(string fields, long work) => StudySimulation.Work(Requests.Valid(Requests.With(fields))).ShouldBe(work);

    [Fact]
    public void Of_Values_HaveMeanAndStandardError()
    {
        SimulatedFigure.Of([1, 2, null, 6]).ShouldBe(new(3, 3, Math.Sqrt(7.0 / 3)));
        SimulatedFigure.Of([4, null]).ShouldBe(new(1, 4, null));
        SimulatedFigure.Of([null]).ShouldBe(new(0, null, null));
    }

    private static StudySpec Sequential(string name, string family = "") => Requests.Valid(
        $"{{\"name\": \"a\", \"seed\": 1, \"model\": {{\"family\": \"synthetic\"{(family.Length == 0 ? "" : ", " + family)}}}, \"baseline\": false, \"algorithm\": {{\"name\": \"{name}\", \"max_epochs\": 27}}"
        + (name == "hyperband" ? "}" : ", \"max_trials\": 81}"));

    private static SimulationResult Run(StudySpec spec, int workers, int seeds) => StudySimulation.Run(spec, workers, seeds, cancellationToken: Cancellation);
}
