using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Trials;

/// <summary>Fewer epochs for a chart: evenly spread, and first, best and last always among them.</summary>
internal static class ReportThinning
{
    /// <param name="reports">Reports in order of their epochs.</param>
    /// <param name="most">How many are kept, at least 3.</param>
    /// <param name="objective">What is best.</param>
    public static IReadOnlyList<Report> Thin(IReadOnlyList<Report> reports, int most, Objective objective)
    {
        if (reports.Count <= most)
        {
            return reports;
        }

        int last = reports.Count - 1;
        int best = BestIndex(reports, objective);
        // One place is the best one's, the others are even, both ends included.
        SortedSet<int> kept = [best];
        for (int i = 0; i < most - 1; i++)
        {
            kept.Add((int)((long)i * last / (most - 2)));
        }

        return [.. kept.Select(i => reports[i])];
    }

    private static int BestIndex(IReadOnlyList<Report> reports, Objective objective)
    {
        int best = 0;
        double? bestValue = null;
        for (int i = 0; i < reports.Count; i++)
        {
            if (objective.Of(reports[i].ToEpochReport()) is { } value && (bestValue is not { } old || objective.IsBetter(value, old)))
            {
                (best, bestValue) = (i, value);
            }
        }

        return best;
    }
}
