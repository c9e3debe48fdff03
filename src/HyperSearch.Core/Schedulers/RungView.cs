namespace HyperSearch.Core.Schedulers;

/// <summary>All that a scheduler sees of a study's trials: their number and the counts of its rungs.</summary>
/// <param name="rungs">The rungs, in any order.</param>
/// <param name="trials">N: searched trials that the study may have now.</param>
/// <param name="created">Searched trials that exist.</param>
/// <param name="open">Searched trials that wait for a slot or have one.</param>
public sealed class RungView(IReadOnlyCollection<Rung> rungs, int trials, int created, int open)
{
    /// <summary>The rungs, bracket by bracket, from the lowest up.</summary>
    public IReadOnlyList<Rung> Rungs { get; } = InOrder(rungs);

    /// <summary>N: searched trials that the study may have now.</summary>
    public int Trials => trials;

    /// <summary>Searched trials that exist.</summary>
    public int Created => created;

    /// <summary>Searched trials that wait for a slot or have one.</summary>
    public int Open => open;

    // A view is made for every input, and the rungs are nearly always in order already.
    private static IReadOnlyList<Rung> InOrder(IReadOnlyCollection<Rung> rungs)
    {
        (int Bracket, int Index) last = (-1, -1);
        foreach (Rung rung in rungs)
        {
            if ((rung.Bracket, rung.Index).CompareTo(last) < 0)
            {
                return [.. rungs.OrderBy(r => r.Bracket).ThenBy(r => r.Index)];
            }

            last = (rung.Bracket, rung.Index);
        }

        return rungs as IReadOnlyList<Rung> ?? [.. rungs];
    }
}
