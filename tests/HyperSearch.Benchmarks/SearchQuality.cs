using System.Globalization;
using HyperSearch.Core.Tests.Quality;

namespace HyperSearch.Benchmarks;

/// <summary>
/// What the algorithms find with equal epochs, in simulated studies: the tables of Core's README. A seed gives every
/// algorithm the same draws and the same noise, so that differences are paired.
/// </summary>
internal static class SearchQuality
{
    private const int Third = 3;
    private const int Parallel = 8;

    /// <summary>Prints a table for every problem.</summary>
    /// <param name="seeds">Runs of every algorithm, at least 2.</param>
    /// <param name="fullTrainings">The budget; a third of it must suffice asha to complete a trial.</param>
    public static void Run(int seeds, int fullTrainings)
    {
        foreach (QualityProblem problem in QualityProblem.All)
        {
            Compare(problem, seeds, fullTrainings * problem.Epochs);
        }
    }

    private static void Compare(QualityProblem problem, int seeds, int budget)
    {
        SearchQualityRow[] ranked = [.. Contender.Ranked.Select(c => Row(problem, c.Name, c, budget, seeds))];
        IEnumerable<SearchQualityRow> others = Contender.Others.Select(c => Row(problem, c.Name, c, budget, seeds))
            .Append(Row(problem, "asha, a third of the epochs", Contender.Asha, budget / Third, seeds));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {problem.Name}: {budget} epochs, {seeds} seeds, best {problem.Best:0.0000}; regrets in thousandths, mean and standard error

            | algorithm | mean rank | regret | less than random's (95 %) | of the best completed | regret, {Parallel} workers | configurations |
            |---|---|---|---|---|---|---|
            """));
        foreach (SearchQualityRow row in ranked.Concat(others))
        {
            Console.WriteLine(row.Line(ranked[0], ranked.Contains(row) ? row.MeanRank(ranked) : null));
        }

        Console.WriteLine();
    }

    private static SearchQualityRow Row(QualityProblem problem, string name, Contender contender, int budget, int seeds) => new(
        name,
        [.. Enumerable.Range(1, seeds).Select(seed => QualityRun.Of(problem, contender, budget, seed))],
        [.. Enumerable.Range(1, seeds).Select(seed => QualityRun.Of(problem, contender, budget, seed, Parallel))]);
}
