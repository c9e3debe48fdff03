namespace HyperSearch.Training.Datasets;

/// <summary>Draws examples within each class, by a seed that a study cannot change.</summary>
internal static class StratifiedDraw
{
    /// <summary>Splits a share of every class off; a class of two or more examples gives at least one and keeps at least one.</summary>
    /// <param name="split">The examples.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="share">Share of each class, in (0, 1).</param>
    /// <param name="seed">Seed of the dataset.</param>
    /// <returns>The rest and what was split off, each in the order of the file.</returns>
    public static (ExampleSplit Kept, ExampleSplit Drawn) Share(ExampleSplit split, int classes, double share, ulong seed)
    {
        List<long> rest = [], drawn = [];
        List<long>[] byClass = split.RowsByClass(classes);
        for (int c = 0; c < classes; c++)
        {
            int n = byClass[c].Count;
            int take = n < 2 ? 0 : Math.Clamp((int)Math.Round(share * n, MidpointRounding.AwayFromZero), 1, n - 1);
            Deal(byClass[c], take, seed, SeedPurpose.Split, c, drawn, rest);
        }

        return (Sorted(split, rest), Sorted(split, drawn));
    }

    /// <summary>Keeps a number of examples, every class by its share (largest remainders first).</summary>
    public static ExampleSplit Take(ExampleSplit split, int classes, int count, ulong seed)
    {
        if (count >= split.Count)
        {
            return split;
        }

        List<long>[] byClass = split.RowsByClass(classes);
        int[] take = [.. byClass.Select(rows => (int)((long)rows.Count * count / split.Count))];
        IEnumerable<int> byRemainder = Enumerable.Range(0, classes).OrderByDescending(c => (long)byClass[c].Count * count % split.Count);
        foreach (int c in byRemainder.Take(count - take.Sum()).ToArray())
        {
            take[c]++;
        }

        List<long> kept = [];
        for (int c = 0; c < classes; c++)
        {
            Deal(byClass[c], take[c], seed, SeedPurpose.Subset, c, kept, []);
        }

        return Sorted(split, kept);
    }

    private static void Deal(List<long> rows, int take, ulong seed, SeedPurpose purpose, int classIndex, List<long> drawn, List<long> rest)
    {
        long[] shuffled = [.. rows];
        SeededGenerator generator = Seeds.Generator(seed, purpose, classIndex);
        generator.Shuffle<long>(shuffled);
        drawn.AddRange(shuffled.AsSpan(0, take));
        rest.AddRange(shuffled.AsSpan(take));
    }

    private static ExampleSplit Sorted(ExampleSplit split, List<long> rows)
    {
        rows.Sort();
        return split.With([.. rows]);
    }
}
