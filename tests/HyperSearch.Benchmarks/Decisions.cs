using System.Diagnostics;
using System.Globalization;
using HyperSearch.Core.Studies;

namespace HyperSearch.Benchmarks;

/// <summary>
/// Decisions of Core alone, in memory, at growing sizes of the study. "Rules" is what <see cref="StudyRules"/> takes by
/// itself, the sampler included; "all" is the whole loop with the events that are made and the host that stores. The sizes
/// of one round follow each other at once, and the ratio of a size is the median of its rounds' ratios to the first size.
/// </summary>
internal static class Decisions
{
    private const long LeastEvents = 60_000;

    /// <param name="most">The largest study.</param>
    /// <param name="rounds">Rounds of which the median is taken.</param>
    /// <param name="names">Algorithms; all when empty.</param>
    public static void Run(int most, int rounds, IReadOnlyList<string> names)
    {
        Console.WriteLine("algorithm            trials |  rules: events/s  offers+ends/s  B/event  B/offer  B/report  B/end  time ratio  B ratio | all: events/CPU s  events/s  B/event");
        foreach (string name in names is [] ? SearchSpecs.Names : names)
        {
            StudySpec[] sizes = [.. Sizes(name, most).Select(n => SearchSpecs.Of(name, n)).DistinctBy(s => s.Trials)];
            foreach (StudySpec size in sizes.Take(2))
            {
                Measure(size);
            }

            DecisionCost[][] costs = [.. Enumerable.Range(0, rounds).Select(_ => sizes.Select(Measure).ToArray())];
            for (int i = 0; i < sizes.Length; i++)
            {
                Print(name, sizes[i].Trials, [.. costs.Select(round => (round[i], round[0]))]);
            }
        }
    }

    // tpe looks at no more than 1,000 trials, and a proposal is dear.
    private static IEnumerable<int> Sizes(string name, int most) => new[] { 100, 1_000, 10_000, name is "tpe" or "hyperband" ? 10_000 : 100_000 }.Where(n => n <= most);

    private static DecisionCost Measure(StudySpec spec)
    {
        RuleMeter meter = new();
        int studies = (int)Math.Max(1, LeastEvents / (5 * spec.Trials));
        MemoryStudy[] fresh = [.. Enumerable.Range(0, studies).Select(_ => new MemoryStudy(spec, meter))];
        GC.Collect();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        foreach (MemoryStudy study in fresh)
        {
            study.Run();
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return new(meter, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, seconds, bytes);
    }

    private static void Print(string name, int trials, (DecisionCost Cost, DecisionCost First)[] rounds)
    {
        double Middle(Func<DecisionCost, double> of) => Statistics.Median(rounds.Select(r => of(r.Cost)));
        double Ratio(Func<DecisionCost, double> of) => Statistics.Median(rounds.Select(r => of(r.Cost) / of(r.First)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-20} {trials,6} | {1 / Middle(c => c.RuleSeconds),16:0} {1 / Middle(c => c.SchedulerSeconds),14:0} {Middle(c => c.RuleBytes),8:0} {Middle(c => c.Bytes(DecisionKind.Offer)),8:0} {Middle(c => c.Bytes(DecisionKind.Report)),9:0} {Middle(c => c.Bytes(DecisionKind.End)),6:0} {Ratio(c => c.RuleSeconds),11:0.00} {Ratio(c => c.RuleBytes),8:0.00} | {1 / Middle(c => c.CpuSeconds),17:0} {1 / Middle(c => c.Seconds),9:0} {Middle(c => c.AllBytes),8:0}"));
    }
}
