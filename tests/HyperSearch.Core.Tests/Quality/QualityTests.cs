using HyperSearch.Core.Leaderboards;

namespace HyperSearch.Core.Tests.Quality;

/// <summary>The claims of Core's README on fewer seeds; every run is fixed by its seed, so that they hold or do not.</summary>
public sealed class QualityTests
{
    private const int FullTrainings = 40;
    private const int Seeds = 30;

    [Theory]
    [InlineData("synthetic")]
    [InlineData("table")]
    public void Run_Tpe_BeatsRandomWithNinetyFivePercentConfidence(string problem) =>
        Less(Regrets(problem, Contender.Tpe), Regrets(problem, Contender.Random)).Low!.Value.ShouldBeGreaterThan(0);

    [Theory]
    [InlineData("synthetic")]
    [InlineData("table")]
    public void Run_AshaWithAThirdOfTheEpochs_IsAtLeastAsGoodAsRandom(string problem) =>
        Regrets(problem, Contender.Asha, share: 3).Average().ShouldBeLessThanOrEqualTo(Regrets(problem, Contender.Random).Average());

    [Fact]
    public void Run_AshaWithTpe_BeatsBothAloneWithNinetyFivePercentConfidence()
    {
        double[] both = Regrets("table", Contender.AshaWithTpe);
        Less(both, Regrets("table", Contender.Asha)).Low!.Value.ShouldBeGreaterThan(0);
        Less(both, Regrets("table", Contender.Tpe)).Low!.Value.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("synthetic")]
    [InlineData("table")]
    public void Run_EveryContender_UsesTheBudgetAndIsNeverBetterThanTheBest(string problem)
    {
        QualityProblem on = Named(problem);
        foreach (Contender contender in Contender.Ranked.Concat(Contender.Others))
        {
            QualityRun run = QualityRun.Of(on, contender, FullTrainings * on.Epochs, 1, workers: 8);
            // What is left is less than a full training.
            run.Epochs.ShouldBeInRange(((FullTrainings - 1) * on.Epochs) + 1, FullTrainings * on.Epochs, contender.Name);
            run.LeastRegret.ShouldBeInRange(0, run.Regret, contender.Name);
        }
    }

    /// <summary>One regret per seed, with a share of the epochs.</summary>
    private static double[] Regrets(string problem, Contender contender, int share = 1)
    {
        QualityProblem on = Named(problem);
        return [.. Enumerable.Range(1, Seeds).Select(seed => QualityRun.Of(on, contender, FullTrainings * on.Epochs / share, seed).Regret)];
    }

    /// <summary>By how much the first are less than the others; equal seeds are pairs.</summary>
    private static MeanInterval Less(double[] one, double[] other) => MeanInterval.Of([.. other.Zip(one, (theirs, own) => theirs - own)]);

    private static QualityProblem Named(string name) => QualityProblem.All.Single(p => p.Name == name);
}
