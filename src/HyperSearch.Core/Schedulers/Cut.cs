namespace HyperSearch.Core.Schedulers;

/// <summary>
/// The m-th best result of a level. When a result comes or goes, or m changes by one, it moves by at most one place, so that
/// its neighbours are all that has to be known: a decision costs the same at any size.
/// </summary>
/// <param name="Rank">m, from 1; 0 without a cut.</param>
/// <param name="At">The m-th best result; null without a cut.</param>
public readonly record struct Cut(int Rank, Standing? At)
{
    // Both sides, the cut itself and one new result.
    private const int Room = (2 * Neighbourhood.Reach) + 2;

    /// <summary>Whether a result is among the m best.</summary>
    /// <param name="standing">A result of the level.</param>
    public bool Includes(Standing standing) => At is { } at && standing <= at;

    /// <summary>The cut after a new result.</summary>
    /// <param name="added">The result.</param>
    /// <param name="wanted">m from now on.</param>
    /// <param name="near">The neighbours before the change.</param>
    public Cut Insert(Standing added, int wanted, Neighbourhood near)
    {
        Span<Standing> room = stackalloc Standing[Room];
        int count = Fill(room, near);
        int place = ~room[..count].BinarySearch(added);
        if (place < 0)
        {
            throw new InvalidOperationException($"Trial {added.Number} has a result here already.");
        }

        room[place..count].CopyTo(room[(place + 1)..]);
        room[place] = added;
        bool shifts = At is { } at && added < at;
        return Move(room[..(count + 1)], At is { } mine ? room[..(count + 1)].BinarySearch(mine) : -1, Rank + (shifts ? 1 : 0), wanted);
    }

    /// <summary>The cut after a result has gone.</summary>
    /// <param name="gone">The result.</param>
    /// <param name="wanted">m from now on.</param>
    /// <param name="near">The neighbours before the change.</param>
    public Cut Remove(Standing gone, int wanted, Neighbourhood near)
    {
        Span<Standing> room = stackalloc Standing[Room];
        int count = Fill(room, near);
        int index = At is { } at ? room[..count].BinarySearch(at) : -1;
        int place = room[..count].BinarySearch(gone);
        if (place >= 0)
        {
            room[(place + 1)..count].CopyTo(room[place..]);
            count--;
        }

        bool shifts = At is { } mine && gone <= mine;
        return Move(room[..count], place >= 0 && place <= index ? index - 1 : index, Rank - (shifts ? 1 : 0), wanted);
    }

    /// <summary>The cut when only m has changed.</summary>
    /// <param name="wanted">m from now on.</param>
    /// <param name="near">The neighbours.</param>
    public Cut Move(int wanted, Neighbourhood near)
    {
        Span<Standing> room = stackalloc Standing[Room];
        int count = Fill(room, near);
        return Move(room[..count], At is { } at ? room[..count].BinarySearch(at) : -1, Rank, wanted);
    }

    private static Cut Move(ReadOnlySpan<Standing> window, int index, int rank, int wanted) =>
        wanted == 0 ? default : new(wanted, window[index + wanted - rank]);

    /// <summary>Writes the cut and its neighbours in order; returns how many they are.</summary>
    private int Fill(Span<Standing> room, Neighbourhood near)
    {
        int count = 0;
        for (int i = near.Before.Count - 1; i >= 0; i--)
        {
            room[count++] = near.Before[i];
        }

        if (At is { } at)
        {
            room[count++] = at;
        }

        for (int i = 0; i < near.After.Count; i++)
        {
            room[count++] = near.After[i];
        }

        return count;
    }
}
