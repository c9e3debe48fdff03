using System.Collections.Immutable;
using HyperSearch.Core.ModelFamilies.Synthetic;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>
/// Runs studies of the synthetic family in memory with a virtual clock, by the rules that a real study runs by, so that a
/// team can choose algorithm, reduction factor and number of workers before it spends device hours.
/// </summary>
public static class StudySimulation
{
    /// <summary>Work that takes about ten seconds on one core: epochs, as <see cref="Work"/> counts them.</summary>
    public const long MostWork = 500_000;

    // What one proposal costs, in epochs: tpe weighs its candidates against up to 1,000 observations.
    private const int TpeProposal = 100;

    /// <summary>
    /// What simulating a study once costs: the epochs that its plan has, baseline and confirmation included; with tpe 100 more
    /// for every trial. Keep that times the seeds within <see cref="MostWork"/>.
    /// </summary>
    /// <param name="spec">The study.</param>
    public static long Work(StudySpec spec)
    {
        StudyPlan plan = StudyPlan.Create(spec);
        return plan.TotalEpochs + plan.ConfirmEpochs + (spec.Baseline ? spec.Space.Constants.Epochs : 0)
            + (spec.Algorithm.Sampler == SamplerCatalog.Tpe ? TpeProposal * (long)plan.Trials : 0);
    }

    /// <summary>Simulates a study under several seeds.</summary>
    /// <param name="spec">A study of the synthetic family. Its failure rate, divergence rate, noise and crossing count.</param>
    /// <param name="workers">Workers with one slot each, at least 1; they never die. <c>max_parallel</c> limits what they do.</param>
    /// <param name="seeds">Studies, at least 1: the first has the study's own seed, so that it is what a cluster would do.</param>
    /// <param name="epochSeconds">Seconds of one epoch; null (default) for the family's <c>epoch_ms</c>, or one second where that is 0.</param>
    /// <param name="cancellationToken">Ends the simulation.</param>
    /// <exception cref="ArgumentException">Another family: its curves are not known.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No worker or no seed.</exception>
    public static SimulationResult Run(StudySpec spec, int workers, int seeds, double? epochSeconds = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        if (spec.Model.Family.NeedsDataset)
        {
            throw new ArgumentException($"The curves of {spec.Model.Family.Name} are not known.", nameof(spec));
        }

        double seconds = epochSeconds ?? (spec.Model.Synthetic is { EpochMs: > 0 and var ms } ? ms / 1_000 : 1);
        List<SimulatedRun> runs = [.. Enumerable.Range(0, seeds).Select(i => Run(Seeded(spec, i), workers, seconds, cancellationToken))];
        TrialState[] ends = [TrialState.Completed, TrialState.Pruned, TrialState.Failed, TrialState.Cancelled];
        return new()
        {
            Workers = workers,
            Seed = spec.Seed,
            Seeds = seeds,
            EpochSeconds = seconds,
            EpochsExecuted = Figure(runs, r => r.Study.EpochsExecuted),
            WallSeconds = Figure(runs, r => r.Seconds),
            DeviceSeconds = Figure(runs, r => r.Study.DeviceSeconds),
            Value = Figure(runs, r => r.Winner?.Value),
            TrueValue = Figure(runs, r => r.TrueValue),
            Trials = ends.ToImmutableSortedDictionary(end => end, end => Figure(runs, r => Count(r.Study, end))),
            StopReasons = runs.CountBy(r => r.Study.StopReason!.Value).ToImmutableSortedDictionary(),
        };
    }

    /// <summary>One study to its end.</summary>
    internal static SimulatedRun Run(StudySpec spec, int workers, double epochSeconds, CancellationToken cancellationToken)
    {
        SimulatedCluster cluster = new(new()
        {
            Spec = spec,
            Course = trial => new SyntheticCourse(spec, trial),
            Workers = workers,
            EpochSeconds = (epochSeconds, epochSeconds),
            // Workers never die, so no checkpoint but a segment's last is needed.
            CheckpointEvery = int.MaxValue,
            Tick = Math.Max(1, (spec.MaxDurationS ?? 0) / 10_000),
            Logs = false,
            AfterEveryInput = _ => cancellationToken.ThrowIfCancellationRequested(),
        });
        cluster.Run();
        Trial? winner = cluster.Host.Study.BestNumber is { } best ? cluster.Host.Trials[best] : null;
        return new(cluster.Host.Study, cluster.Clock.Seconds, winner, winner is null ? null : TrueValue(spec, winner));
    }

    /// <summary>The study with another seed; the first keeps its own.</summary>
    internal static StudySpec Seeded(StudySpec spec, int index) =>
        index == 0 ? spec : spec with { Seed = (long)(StableMix.Hash(spec.Seed, "simulation", index) >> 11) };

    private static double? TrueValue(StudySpec spec, Trial winner)
    {
        SyntheticOptions noiseless = (spec.Model.Synthetic ?? new()) with { Noise = 0 };
        SyntheticCurve curve = new(winner.Parameters, noiseless, spec.Seed, winner.Number, winner.Seed);
        return spec.Objective.Of(curve.Report(winner.Epochs, spec.Objective));
    }

    private static SimulatedFigure Figure(IEnumerable<SimulatedRun> runs, Func<SimulatedRun, double?> figure) => SimulatedFigure.Of(runs.Select(figure));

    private static int Count(Study study, TrialState end) => end switch
    {
        TrialState.Completed => study.Completed,
        TrialState.Pruned => study.Pruned,
        TrialState.Failed => study.Failed,
        TrialState.Cancelled => study.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };
}
