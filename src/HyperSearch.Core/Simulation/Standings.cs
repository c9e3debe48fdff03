using HyperSearch.Core.Schedulers;

namespace HyperSearch.Core.Simulation;

/// <summary>The ordered results of a study's rungs and the ordered running averages of its epochs, in memory.</summary>
internal sealed class Standings
{
    private readonly Dictionary<(int Bracket, int Level), OrderedLevel> _levels = [];

    /// <summary>The results of a level, best first.</summary>
    public IReadOnlyCollection<Standing> At(int bracket, int level) => _levels.TryGetValue((bracket, level), out OrderedLevel? known) ? known.All : [];

    /// <summary>Whether the trial went on from that level.</summary>
    public bool IsTaken(int bracket, int level, int number) => _levels.TryGetValue((bracket, level), out OrderedLevel? known) && known.IsTaken(number);

    /// <summary>Carries out a change that the rules ask for.</summary>
    /// <exception cref="InvalidOperationException">The result is there already, or is not there.</exception>
    public void Store(StandingChange change)
    {
        (int Bracket, int Level) key = (change.Bracket, change.Level);
        OrderedLevel level = _levels.TryGetValue(key, out OrderedLevel? known) ? known : _levels[key] = new();
        bool stored = change.Kind switch
        {
            StandingChangeKind.Insert => level.Insert(new(change.Loss, change.Number)),
            StandingChangeKind.Remove => level.Remove(change.Number),
            StandingChangeKind.Take => level.Take(change.Number),
            _ => throw new InvalidOperationException($"Unknown change {change.Kind}."),
        };
        if (!stored)
        {
            throw new InvalidOperationException($"{change} does not fit what is stored.");
        }
    }

    /// <summary>What the rules may see: the results around the cut, the best open ones, and the trial's own.</summary>
    public Neighbourhood Near(int bracket, int level, Standing? cut, int number) =>
        _levels.TryGetValue((bracket, level), out OrderedLevel? known) ? known.Near(cut, number) : Neighbourhood.Empty;
}
