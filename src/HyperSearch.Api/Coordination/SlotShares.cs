namespace HyperSearch.Api.Coordination;

/// <summary>How free slots are shared among studies of one priority: each goes to the study that has the fewest then.</summary>
internal static class SlotShares
{
    /// <summary>The share of every study.</summary>
    /// <param name="free">Free slots.</param>
    /// <param name="assigned">The slots that each study has; of equal ones the earlier study is first.</param>
    public static int[] Of(int free, IReadOnlyList<int> assigned)
    {
        int[] shares = new int[assigned.Count];
        PriorityQueue<int, (int Slots, int Index)> fewest = new(assigned.Select((slots, i) => (i, (slots, i))));
        for (int slot = 0; slot < free && fewest.TryDequeue(out int study, out (int Slots, int Index) has); slot++)
        {
            shares[study]++;
            fewest.Enqueue(study, (has.Slots + 1, study));
        }

        return shares;
    }
}
