namespace HyperSearch.Core.Studies;

/// <summary>"Did you mean": the candidate nearest to a mistyped name.</summary>
public static class Suggestion
{
    // Nobody mistypes longer names, and the distance costs the product of the lengths.
    private const int LongestName = 48;

    /// <summary>The nearest candidate, or null where none is near: at most a third of its length away, at least one letter.</summary>
    /// <param name="name">The unknown name.</param>
    /// <param name="candidates">The known names; of equally near ones the first is taken.</param>
    public static string? For(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        string? best = null;
        int least = int.MaxValue;
        string folded = Fold(name);
        foreach (string candidate in candidates)
        {
            int most = Math.Min(least - 1, Math.Max(1, candidate.Length / 3));
            if (Math.Abs(candidate.Length - name.Length) <= most && Distance(folded, Fold(candidate)) is int d && d <= most)
            {
                (best, least) = (candidate, d);
            }
        }

        return best;
    }

    /// <summary>A sentence for the end of an error, or nothing: <c> Did you mean "dropout"?</c></summary>
    /// <param name="name">The unknown name.</param>
    /// <param name="candidates">The known names.</param>
    public static string Sentence(string name, IEnumerable<string> candidates) =>
        For(name, candidates) is { } best ? $" Did you mean \"{best}\"?" : "";

    /// <summary>Damerau-Levenshtein distance in its restricted form (optimal string alignment): insertions, deletions, substitutions, swaps of neighbours.</summary>
    internal static int Distance(string a, string b)
    {
        int[] before = new int[b.Length + 1];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }

    // learningRate and learning-rate mean learning_rate.
    private static string Fold(string name) => name.ToLowerInvariant().Replace('-', '_');
}
