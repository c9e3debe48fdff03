namespace HyperSearch.Training.Datasets;

/// <summary>Takes the labels of a split as they are read.</summary>
/// <param name="known">The classes that there are; null while the training split is read, which decides them.</param>
internal sealed class LabelSink(ClassMap? known)
{
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly List<long> _ids = [];

    /// <summary>Labels so far, each once, in the order of their first example.</summary>
    public IEnumerable<string> Seen => _seen.Keys;

    /// <summary>Number of examples.</summary>
    public int Count => _ids.Count;

    /// <summary>Takes the label of the next example; false if there is no such class.</summary>
    public bool Add(string label)
    {
        if (!_seen.TryGetValue(label, out int id))
        {
            if ((known is null ? _seen.Count : known.IdOf(label)) is not { } next)
            {
                return false;
            }

            id = _seen[label] = next;
        }

        _ids.Add(id);
        return true;
    }

    /// <summary>The class of each example.</summary>
    /// <param name="map">The classes.</param>
    public long[] Ids(ClassMap map)
    {
        if (known is not null)
        {
            return [.. _ids];
        }

        long[] byFirst = [.. _seen.Keys.Select(label => (long)map.IdOf(label)!.Value)];
        return [.. _ids.Select(first => byFirst[first])];
    }
}
