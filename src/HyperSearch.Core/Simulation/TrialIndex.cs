using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>Which trials wait and which are paused, found without a look at the others.</summary>
internal sealed class TrialIndex
{
    private readonly Dictionary<int, Place> _known = [];
    private readonly SortedSet<(int Bracket, int Rung, double Loss, int Number)> _waiting = [];
    private readonly SortedDictionary<(int Bracket, int Rung), SortedSet<int>> _paused = [];

    /// <summary>The trials that wait for a slot, in the order in which slots are offered to them: the baseline, then the earliest bracket, the lowest rung and the best first.</summary>
    public IEnumerable<int> Waiting => _waiting.Select(w => w.Number);

    /// <summary>The trials that wait to be compared.</summary>
    public IEnumerable<int> Paused => _paused.Values.SelectMany(p => p);

    /// <summary>The trials that wait to be compared on one rung, by number.</summary>
    public IEnumerable<int> PausedAt(int bracket, int rung) => _paused.TryGetValue((bracket, rung), out SortedSet<int>? there) ? there : [];

    /// <summary>Takes over where a trial stands now.</summary>
    public void Note(Trial trial)
    {
        bool waits = trial.State == TrialState.Waiting;
        Place now = new(trial.State, trial.Bracket ?? -1, trial.Rung ?? -1, waits ? trial.Loss ?? double.PositiveInfinity : 0);
        if (_known.TryGetValue(trial.Number, out Place before))
        {
            if (before == now)
            {
                return;
            }

            _waiting.Remove((before.Bracket, before.Rung, before.Loss, trial.Number));
            At(before).Remove(trial.Number);
        }

        _known[trial.Number] = now;
        if (waits)
        {
            _waiting.Add((now.Bracket, now.Rung, now.Loss, trial.Number));
        }
        else if (now.State == TrialState.Paused)
        {
            At(now).Add(trial.Number);
        }
    }

    private SortedSet<int> At(Place place) => _paused.TryGetValue((place.Bracket, place.Rung), out SortedSet<int>? there)
        ? there : _paused[(place.Bracket, place.Rung)] = [];

    private readonly record struct Place(TrialState State, int Bracket, int Rung, double Loss);
}
