using System.Collections.Immutable;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Leaderboards;

/// <summary>Ranks candidates by runs with the same fresh seeds, which the choice of the candidates has not seen.</summary>
public static class ConfirmationRanking
{
    /// <summary>Seeds that a confirmation has at least; with two, an interval is nine standard deviations to either side.</summary>
    public const int FewestSeeds = 3;

    /// <summary>
    /// The candidates, best first: those whose runs all have a value by their mean; then the others by more runs with a
    /// value, then by their mean; equal ones by lower number.
    /// </summary>
    /// <param name="candidates">Searched candidates and, where there is one, the baseline; all with the same seeds.</param>
    /// <param name="objective">Metric and direction.</param>
    /// <param name="validationExamples">Examples of the validation split; null where it is not known.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="FewestSeeds"/> seeds, a seed twice, or candidates with different seeds.</exception>
    public static ImmutableArray<ConfirmedCandidate> Rank(
        IReadOnlyList<ConfirmationCandidate> candidates, Objective objective, int? validationExamples)
    {
        // By seed, so that runs of one index are pairs.
        Entry[] entries = [.. candidates.Select(c => new Entry(c.Number, [.. c.Runs.OrderBy(r => r.Seed)], objective, validationExamples))
            .OrderByDescending(e => e.Confirmation.N)
            .ThenBy(e => e.Confirmation.Mean is { } mean ? objective.Loss(mean) : 0)
            .ThenBy(e => e.Number)];
        Check(entries);
        return [.. entries.Select(e => new ConfirmedCandidate(e.Number, e.Confirmation, TiedWith(e, entries), ExportedSeed(e)))];
    }

    private static void Check(Entry[] entries)
    {
        foreach (Entry entry in entries)
        {
            long[] seeds = [.. entry.Runs.Select(r => r.Seed)];
            if (seeds.Length < FewestSeeds || seeds.Distinct().Count() < seeds.Length || !seeds.SequenceEqual(entries[0].Runs.Select(r => r.Seed)))
            {
                throw new ArgumentException($"Candidate {entry.Number} must have one run for each of the same {FewestSeeds} seeds or more.");
            }
        }
    }

    private static ImmutableArray<int> TiedWith(Entry entry, Entry[] entries) =>
        [.. entries.Where(e => e.Number != entry.Number && Tied(entry, e)).Select(e => e.Number)];

    // The seeds' common part, such as a lucky order of the batches, is not in the differences.
    private static bool Tied(Entry one, Entry other)
    {
        if (!one.Complete || !other.Complete)
        {
            return false;
        }

        MeanInterval difference = MeanInterval.Of([.. one.Runs.Zip(other.Runs, (a, b) => a.Value!.Value - b.Value!.Value)]);
        return difference.Low <= 0 && difference.High >= 0;
    }

    // Rounded, so that equal distances on both sides of the mean are equal; the runs are in order of their seeds.
    private static long? ExportedSeed(Entry entry) => entry.Runs
        .Where(r => r.Value is not null)
        .MinBy(r => TwelveDigits.Round(Math.Abs(r.Value!.Value - entry.Confirmation.Mean!.Value)))?.Seed;

    private sealed record Entry(int Number, ImmutableArray<ConfirmationRun> Runs, Objective Objective, int? ValidationExamples)
    {
        public Confirmation Confirmation { get; } = Confirmation.Of([.. Runs.Select(r => r.Value).OfType<double>()], Objective, ValidationExamples);

        public bool Complete => Confirmation.N == Runs.Length;
    }
}
