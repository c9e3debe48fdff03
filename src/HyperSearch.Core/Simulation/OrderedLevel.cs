using HyperSearch.Core.Schedulers;

namespace HyperSearch.Core.Simulation;

/// <summary>The ordered results of one level. Every operation costs the logarithm of their number.</summary>
internal sealed class OrderedLevel
{
    private readonly SortedSet<Standing> _all = [];
    private readonly SortedSet<Standing> _open = [];
    private readonly Dictionary<int, Standing> _own = [];

    /// <summary>All results, best first.</summary>
    public IReadOnlyCollection<Standing> All => _all;

    /// <summary>Whether the trial has a result here and went on.</summary>
    public bool IsTaken(int number) => _own.TryGetValue(number, out Standing own) && !_open.Contains(own);

    /// <summary>Adds a result. False when the trial has one already.</summary>
    public bool Insert(Standing added) => _own.TryAdd(added.Number, added) && _all.Add(added) && _open.Add(added);

    /// <summary>Takes a trial's result away. False when it has none.</summary>
    public bool Remove(int number)
    {
        bool known = _own.Remove(number, out Standing own);
        _open.Remove(own);
        return known && _all.Remove(own);
    }

    /// <summary>Notes that the trial went on. False when it has no result or did so before.</summary>
    public bool Take(int number) => _own.TryGetValue(number, out Standing own) && _open.Remove(own);

    /// <summary>The results around the cut, the best open ones, and the trial's own.</summary>
    public Neighbourhood Near(Standing? cut, int number) => new()
    {
        Before = cut is { } at ? First(_all.GetViewBetween(Lowest, at).Reverse(), at) : [],
        After = cut is { } from ? First(_all.GetViewBetween(from, Highest), from) : First(_all, null),
        Open = First(_open, null),
        Own = _own.TryGetValue(number, out Standing own) ? own : null,
    };

    private static Standing Lowest => new(double.NegativeInfinity, int.MinValue);

    private static Standing Highest => new(double.PositiveInfinity, int.MaxValue);

    private static List<Standing> First(IEnumerable<Standing> ordered, Standing? but)
    {
        List<Standing> first = new(Neighbourhood.Reach);
        foreach (Standing standing in ordered)
        {
            if (standing != but)
            {
                first.Add(standing);
            }

            if (first.Count == Neighbourhood.Reach)
            {
                break;
            }
        }

        return first;
    }
}
