using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Coordination;

/// <summary>How free slots are shared among studies of one priority: each goes to the study that has the fewest then, of those that can use it.</summary>
internal static class SlotShares
{
    /// <summary>The share of every study. What no study can use is in none.</summary>
    /// <param name="free">Free slots.</param>
    /// <param name="studies">The slots that each study has, and the precision it needs (null: any); of equal ones the earlier study is first.</param>
    public static List<FreeSlot>[] Of(IEnumerable<FreeSlot> free, IReadOnlyList<(int Assigned, string? Precision)> studies)
    {
        List<FreeSlot>[] shares = [.. studies.Select(_ => new List<FreeSlot>())];

        // The least able first: studies that are content with those leave the others to studies that are not.
        foreach (IGrouping<string, FreeSlot> alike in free.GroupBy(s => string.Join(' ', s.Precisions.Order(StringComparer.Ordinal))).OrderBy(g => g.First().Precisions.Count))
        {
            PriorityQueue<int, (int Slots, int Index)> fewest = new(studies.Index()
                .Where(s => Precisions.Suffice(alike.First().Precisions, s.Item.Precision))
                .Select(s => (s.Index, (s.Item.Assigned + shares[s.Index].Count, s.Index))));
            foreach (FreeSlot slot in alike)
            {
                if (fewest.TryDequeue(out int study, out (int Slots, int Index) has))
                {
                    shares[study].Add(slot);
                    fewest.Enqueue(study, (has.Slots + 1, study));
                }
            }
        }

        return shares;
    }
}
