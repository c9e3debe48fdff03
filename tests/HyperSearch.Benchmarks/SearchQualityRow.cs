using System.Collections.Immutable;
using System.Globalization;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Tests.Quality;

namespace HyperSearch.Benchmarks;

/// <summary>The runs of one algorithm, one per seed, with one worker and with several.</summary>
internal sealed class SearchQualityRow(string name, ImmutableArray<QualityRun> alone, ImmutableArray<QualityRun> parallel)
{
    /// <summary>The mean over the seeds of the place among all, 1 the best; equals share theirs.</summary>
    public double MeanRank(IReadOnlyList<SearchQualityRow> all) => Enumerable.Range(0, Regrets.Length)
        .Average(seed => 0.5 + all.Sum(row => Before(row.Regrets[seed], Regrets[seed])));

    /// <summary>A line of the table.</summary>
    /// <param name="random">The row to compare with.</param>
    /// <param name="rank">The mean rank, or null.</param>
    public string Line(SearchQualityRow random, double? rank) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {(rank is { } r ? r.ToString("0.0", CultureInfo.InvariantCulture) : "")} | {Thousandths(Regrets)} | {(this == random ? "" : Less(random))} | {Thousandths(alone.Select(run => run.LeastRegret))} | {Thousandths(parallel.Select(run => run.Regret))} | {alone.Average(run => run.Trials):0} |");

    private ImmutableArray<double> Regrets { get; } = [.. alone.Select(run => run.Regret)];

    private static double Before(double other, double own) => other < own ? 1 : other == own ? 0.5 : 0;

    private static string Thousandths(IEnumerable<double> values)
    {
        MeanInterval mean = MeanInterval.Of([.. values.Select(v => 1000 * v)]);
        return string.Create(CultureInfo.InvariantCulture, $"{mean.Mean:0.0} ± {(mean.High - mean.Mean) / StudentT.Critical(mean.Count - 1):0.0}");
    }

    private string Less(SearchQualityRow random)
    {
        MeanInterval less = MeanInterval.Of([.. random.Regrets.Zip(Regrets, (theirs, own) => 1000 * (theirs - own))]);
        return string.Create(CultureInfo.InvariantCulture, $"{less.Mean:0.0} ({less.Low:0.0} to {less.High:0.0})");
    }
}
