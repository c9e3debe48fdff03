namespace HyperSearch.Training.Datasets;

/// <summary>
/// Splits whole groups off, so that each class gives about its share: groups are asked in a seeded order, and one moves
/// when that brings the counts of the classes nearer to their shares. It never takes the last example of a class.
/// </summary>
internal static class GroupedDraw
{
    /// <summary>Splits groups off.</summary>
    /// <param name="split">The examples.</param>
    /// <param name="labels">Class of each row.</param>
    /// <param name="groups">Group of each row, from 0.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="share">Share of each class, in (0, 1).</param>
    /// <param name="seed">Seed of the dataset.</param>
    /// <returns>The rest and what was split off, each in the order of the file; nothing is split off where no group can be spared.</returns>
    public static (ExampleSplit Kept, ExampleSplit Drawn) Share(
        ExampleSplit split, ReadOnlySpan<long> labels, ReadOnlySpan<long> groups, int classes, double share, ulong seed)
    {
        Dictionary<long, long[]> counts = [];
        long[] left = new long[classes];
        foreach (long row in split.Indices)
        {
            long group = groups[(int)row], label = labels[(int)row];
            (counts.TryGetValue(group, out long[]? count) ? count : counts[group] = new long[classes])[label]++;
            left[label]++;
        }

        double[] wanted = [.. left.Select(n => share * n)];
        long[] order = [.. counts.Keys.Order()];
        SeededGenerator generator = Seeds.Generator(seed, SeedPurpose.Split);
        generator.Shuffle<long>(order);
        HashSet<long> drawn = Choose(order, counts, left, wanted);
        if (drawn.Count == 0)
        {
            // Every group is larger than what is wanted: the smallest is nearest to it.
            long[] spare = [.. order.Where(g => Spares(left, counts[g]))];
            drawn.UnionWith(spare.Length == 0 ? [] : [spare.MinBy(g => counts[g].Sum())]);
        }

        ILookup<bool, long> rows = Rows(split, groups, drawn);
        return (split.With([.. rows[false]]), split.With([.. rows[true]]));
    }

    private static HashSet<long> Choose(long[] order, Dictionary<long, long[]> counts, long[] left, double[] wanted)
    {
        HashSet<long> drawn = [];
        foreach (long group in order)
        {
            long[] count = counts[group];
            double gain = 0;
            for (int c = 0; c < count.Length; c++)
            {
                gain += Math.Abs(wanted[c]) - Math.Abs(wanted[c] - count[c]);
            }

            if (gain > 0 && Spares(left, count))
            {
                drawn.Add(group);
                for (int c = 0; c < count.Length; c++)
                {
                    left[c] -= count[c];
                    wanted[c] -= count[c];
                }
            }
        }

        return drawn;
    }

    private static bool Spares(long[] left, long[] count) => !left.Zip(count).Any(n => n.Second > 0 && n.Second >= n.First);

    private static ILookup<bool, long> Rows(ExampleSplit split, ReadOnlySpan<long> groups, HashSet<long> drawn)
    {
        List<(long Row, bool Drawn)> rows = [];
        foreach (long row in split.Indices)
        {
            rows.Add((row, drawn.Contains(groups[(int)row])));
        }

        return rows.ToLookup(r => r.Drawn, r => r.Row);
    }
}
