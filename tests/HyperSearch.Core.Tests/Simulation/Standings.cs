using HyperSearch.Core.Schedulers;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>The ordered results of a study's rungs and epochs, in memory.</summary>
internal sealed class Standings
{
    private readonly Dictionary<(int Bracket, int Level), SortedSet<Standing>> _all = [];
    private readonly HashSet<(int Bracket, int Level, int Number)> _taken = [];

    public IReadOnlyCollection<Standing> At(int bracket, int level) => _all.TryGetValue((bracket, level), out var set) ? set : [];

    public bool IsTaken(int bracket, int level, int number) => _taken.Contains((bracket, level, number));

    public void Store(StandingChange change)
    {
        (int Bracket, int Level) key = (change.Bracket, change.Level);
        SortedSet<Standing> set = _all.TryGetValue(key, out var known) ? known : _all[key] = [];
        switch (change.Kind)
        {
            case StandingChangeKind.Insert: set.Add(new(change.Loss, change.Number)).ShouldBeTrue(); break;
            case StandingChangeKind.Remove: set.RemoveWhere(s => s.Number == change.Number).ShouldBe(1); break;
            case StandingChangeKind.Take: _taken.Add((change.Bracket, change.Level, change.Number)).ShouldBeTrue(); break;
            default: throw new InvalidOperationException($"Unknown change {change.Kind}.");
        }
    }

    public Neighbourhood Near(int bracket, int level, Standing? cut, int number)
    {
        if (!_all.TryGetValue((bracket, level), out SortedSet<Standing>? set) || set.Count == 0)
        {
            return Neighbourhood.Empty;
        }

        IEnumerable<Standing> before = cut is { } at ? set.GetViewBetween(set.Min, at).Reverse().Where(s => s < at) : [];
        IEnumerable<Standing> after = cut is { } from && from <= set.Max ? set.GetViewBetween(from, set.Max).Where(s => s > from) : cut is null ? set : [];
        return new()
        {
            Before = [.. before.Take(Neighbourhood.Reach)],
            After = [.. after.Take(Neighbourhood.Reach)],
            Open = [.. set.Where(s => !IsTaken(bracket, level, s.Number)).Take(Neighbourhood.Reach)],
            Own = set.Where(s => s.Number == number).Select(s => (Standing?)s).FirstOrDefault(),
        };
    }
}
