using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>The observations of one proposal as points of the unit cube, oldest first: the good ones and the others.</summary>
/// <param name="cells">The space.</param>
internal sealed class TpeObservations(CellSpace cells)
{
    private const int Most = 1_000;
    private const int MostByRank = 100;
    private const int MostGood = 25;

    private readonly HashSet<TrialObservation> _byRank = [];
    private readonly HashSet<TrialObservation> _good = [];
    private readonly List<TrialObservation> _chosen = [];

    /// <summary>The best tenth, at most 25.</summary>
    public List<double[]> Good { get; } = [];

    /// <summary>All others, those that run and those without a value among them.</summary>
    public List<double[]> Bad { get; } = [];

    /// <summary>Chooses the best 100 and the newest, 1,000 together, and splits them.</summary>
    public void Split(TrialHistory history)
    {
        Choose(history);
        Good.Clear();
        Bad.Clear();
        foreach (TrialObservation observation in _chosen)
        {
            (_good.Contains(observation) ? Good : Bad).Add(observation.Point ??= cells.ToUnit(observation.Parameters));
        }
    }

    private void Choose(TrialHistory history)
    {
        _byRank.Clear();
        _good.Clear();
        _chosen.Clear();
        // ceil(n / 10) in whole numbers.
        int good = Math.Min((history.Finished + 9) / 10, MostGood);
        foreach (TrialObservation observation in history.Ranked)
        {
            if (_byRank.Count == MostByRank)
            {
                break;
            }

            _byRank.Add(observation);
            _chosen.Add(observation);
            if (_good.Count < good)
            {
                _good.Add(observation);
            }
        }

        foreach (TrialObservation observation in history.Arrived.Reverse())
        {
            if (_chosen.Count == Most)
            {
                break;
            }

            if (!_byRank.Contains(observation))
            {
                _chosen.Add(observation);
            }
        }

        _chosen.Sort(TrialObservation.ByArrival);
    }
}
