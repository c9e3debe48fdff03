using System.Diagnostics;
using System.Globalization;
using HyperSearch.Core.Simulation;

namespace HyperSearch.Benchmarks;

/// <summary>
/// What a trial of a simulated study costs when the study is large, as a ratio to one of a small study in the same round: a
/// look at every trial at each event would show as the ratio of their sizes.
/// </summary>
internal static class SimulationCost
{
    private const int Small = 500;
    private const int Large = 10_000;
    private const int Workers = 16;

    /// <param name="rounds">Rounds of which the median is taken.</param>
    /// <param name="names">Algorithms; all without tpe, whose proposals cost more than the rest, when empty.</param>
    public static void Run(int rounds, IReadOnlyList<string> names)
    {
        Console.WriteLine($"| algorithm | microseconds a trial of {Small} | of {Large} | ratio | 95 % interval |");
        Console.WriteLine("|---|---:|---:|---:|---|");
        foreach (string name in names is [] ? SearchSpecs.Names.Where(n => n != "tpe") : names)
        {
            Cost(name, Small);
            (double Small, double Large)[] costs = [.. Enumerable.Range(0, rounds).Select(_ => (Cost(name, Small), Cost(name, Large)))];
            double[] ratios = [.. costs.Select(c => c.Large / c.Small)];
            (double low, double high) = Statistics.MedianInterval(ratios);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {Statistics.Median(costs.Select(c => c.Small)):0} | {Statistics.Median(costs.Select(c => c.Large)):0} | {Statistics.Median(ratios):0.00} | {low:0.00} to {high:0.00} |"));
        }
    }

    private static double Cost(string name, int trials)
    {
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        SimulationResult result = StudySimulation.Run(SearchSpecs.Of(name, trials), Workers, seeds: 1);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / result.Trials.Values.Sum(f => f.Mean)!.Value;
    }
}
