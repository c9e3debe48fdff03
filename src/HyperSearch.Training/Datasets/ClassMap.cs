using System.Collections.Immutable;
using System.Globalization;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// From the labels in the data to classes. Classes are the labels of the training split in ascending order (as numbers
/// where all are whole numbers); <c>labels.txt</c> names them in its own order, by name or, where labels are numbers, by place.
/// </summary>
/// <param name="names">The class names, in the order of the classes.</param>
/// <param name="byPlace">Whether every label is the place of its name.</param>
/// <param name="placesToo">Whether a label that is no name may be the place of one.</param>
internal sealed class ClassMap(ImmutableArray<string> names, bool byPlace, bool placesToo)
{
    private readonly Dictionary<string, int> _ids = names.Select((name, id) => (name, id)).ToDictionary(n => n.name, n => n.id, StringComparer.Ordinal);

    /// <summary>The class names.</summary>
    public ImmutableArray<string> Names => names;

    /// <summary>The classes of a training split.</summary>
    /// <param name="labels">Its labels, each once.</param>
    /// <param name="named">What <c>labels.txt</c> says; null without it.</param>
    /// <param name="byPlace">Whether labels are places by the format; then gaps are classes too.</param>
    /// <returns>The classes; null if a label is not among the names.</returns>
    public static ClassMap? Of(IEnumerable<string> labels, ImmutableArray<string>? named, bool byPlace)
    {
        List<string> all = [.. labels];
        bool numbers = all.All(l => Number(l) is not null);
        ImmutableArray<string> names = named
            ?? (byPlace ? [.. Enumerable.Range(0, (int)all.Max(l => Number(l)!.Value) + 1).Select(i => i.ToString(CultureInfo.InvariantCulture))]
            : numbers ? [.. all.OrderBy(l => Number(l)).ThenBy(l => l, StringComparer.Ordinal)]
            : [.. all.Order(StringComparer.Ordinal)]);
        ClassMap map = new(names, byPlace, placesToo: named is not null);
        return all.All(l => map.IdOf(l) is not null) ? map : null;
    }

    /// <summary>The class of a label, or null.</summary>
    public int? IdOf(string label) =>
        !byPlace && _ids.TryGetValue(label, out int id) ? id
        : (byPlace || placesToo) && Number(label) is { } place && place >= 0 && place < names.Length ? (int)place
        : null;

    private static long? Number(string label) =>
        long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;
}
