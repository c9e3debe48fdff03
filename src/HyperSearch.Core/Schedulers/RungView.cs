namespace HyperSearch.Core.Schedulers;

/// <summary>All that a scheduler sees of a study's trials: the counts of its rungs.</summary>
/// <param name="rungs">The rungs, in any order.</param>
public sealed class RungView(IReadOnlyCollection<Rung> rungs)
{
    /// <summary>The rungs, bracket by bracket, from the lowest up.</summary>
    public IReadOnlyList<Rung> Rungs { get; } = [.. rungs.OrderBy(r => r.Bracket).ThenBy(r => r.Index)];

    /// <summary>One rung, or null.</summary>
    /// <param name="bracket">The ladder.</param>
    /// <param name="index">The level.</param>
    public Rung? Find(int bracket, int index) => Rungs.FirstOrDefault(r => r.Bracket == bracket && r.Index == index);
}
