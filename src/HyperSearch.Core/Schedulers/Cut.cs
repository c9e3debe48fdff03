namespace HyperSearch.Core.Schedulers;

/// <summary>
/// The m-th best result of a level. When a result comes or goes, or m changes by one, it moves by at most one place, so that
/// its neighbours are all that has to be known: a decision costs the same at any size.
/// </summary>
/// <param name="Rank">m, from 1; 0 without a cut.</param>
/// <param name="At">The m-th best result; null without a cut.</param>
public readonly record struct Cut(int Rank, Standing? At)
{
    /// <summary>Whether a result is among the m best.</summary>
    /// <param name="standing">A result of the level.</param>
    public bool Includes(Standing standing) => At is { } at && standing <= at;

    /// <summary>The cut after a new result.</summary>
    /// <param name="added">The result.</param>
    /// <param name="wanted">m from now on.</param>
    /// <param name="near">The neighbours before the change.</param>
    public Cut Insert(Standing added, int wanted, Neighbourhood near)
    {
        List<Standing> window = Window(near);
        int place = window.BinarySearch(added);
        if (place >= 0)
        {
            throw new InvalidOperationException($"Trial {added.Number} has a result here already.");
        }

        window.Insert(~place, added);
        bool shifts = At is { } at && added < at;
        return Move(window, At is { } mine ? window.BinarySearch(mine) : -1, Rank + (shifts ? 1 : 0), wanted);
    }

    /// <summary>The cut after a result has gone.</summary>
    /// <param name="gone">The result.</param>
    /// <param name="wanted">m from now on.</param>
    /// <param name="near">The neighbours before the change.</param>
    public Cut Remove(Standing gone, int wanted, Neighbourhood near)
    {
        List<Standing> window = Window(near);
        int index = At is { } at ? window.BinarySearch(at) : -1;
        int place = window.BinarySearch(gone);
        if (place >= 0)
        {
            window.RemoveAt(place);
        }

        bool shifts = At is { } mine && gone <= mine;
        return Move(window, place >= 0 && place <= index ? index - 1 : index, Rank - (shifts ? 1 : 0), wanted);
    }

    /// <summary>The cut when only m has changed.</summary>
    /// <param name="wanted">m from now on.</param>
    /// <param name="near">The neighbours.</param>
    public Cut Move(int wanted, Neighbourhood near)
    {
        List<Standing> window = Window(near);
        return Move(window, At is { } at ? window.BinarySearch(at) : -1, Rank, wanted);
    }

    private static Cut Move(List<Standing> window, int index, int rank, int wanted) =>
        wanted == 0 ? default : new(wanted, window[index + wanted - rank]);

    private List<Standing> Window(Neighbourhood near) => [.. near.Before.Reverse(), .. At is { } at ? [at] : Array.Empty<Standing>(), .. near.After];
}
