using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Quality;

/// <summary>What a contender makes of a budget.</summary>
/// <param name="Regret">The true loss of the trial that it recommends, its best completed one by reported value, less the best of the space.</param>
/// <param name="LeastRegret">The same of the completed trial with the smallest true loss: what a choice without noise would have given.</param>
/// <param name="Trials">Configurations that it tried.</param>
/// <param name="Epochs">Epochs that it executed.</param>
internal sealed record QualityRun(double Regret, double LeastRegret, int Trials, long Epochs)
{
    /// <summary>
    /// Runs a contender on a virtual cluster until its budget is used up. Hyperband's study ends after one pass and is followed by
    /// others, which know nothing of it; the last is cut off.
    /// </summary>
    /// <exception cref="InvalidOperationException">The budget is too small to complete a trial.</exception>
    public static QualityRun Of(QualityProblem problem, Contender contender, int budget, long seed, int workers = 1)
    {
        List<StudyHost> passes = [];
        int left = budget;
        do
        {
            passes.Add(Run(problem, contender.Study(problem, left, seed + ((long)passes.Count << 32)), workers));
            left -= (int)passes[^1].Study.EpochsExecuted;
        }
        while (contender.Algorithm == AlgorithmCatalog.Hyperband && left > 0 && passes[^1].Study.StopReason == StopReason.Finished);

        Trial[] completed = [.. passes.SelectMany(p => p.Trials.Values).Where(t => t.State == TrialState.Completed)];
        Trial recommended = completed.MinBy(t => t.Loss)
            ?? throw new InvalidOperationException($"{contender.Name} completes no trial within {budget} epochs.");
        return new(
            problem.TrueLoss(recommended.Parameters) - problem.Best,
            completed.Min(t => problem.TrueLoss(t.Parameters)) - problem.Best,
            passes.Sum(p => p.Study.Created),
            budget - left);
    }

    private static StudyHost Run(QualityProblem problem, StudySpec spec, int workers)
    {
        SimulatedCluster cluster = new(new()
        {
            Spec = spec,
            Course = trial => new CurveCourse(problem.Curve(spec, trial)),
            Workers = workers,
            Seed = spec.Seed,
            Logs = false,
        });
        cluster.Run();
        return cluster.Host;
    }

    private sealed class CurveCourse(Func<int, double> loss) : ITrialCourse
    {
        public int? DivergesAt => null;

        public int? FailsAt => null;

        public EpochReport Report(int epoch) => new() { Epoch = epoch, ValLoss = loss(epoch) };
    }
}
