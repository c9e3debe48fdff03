using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the labels of a request: an object of texts.</summary>
internal static partial class LabelReader
{
    /// <summary>The field of the request.</summary>
    public const string Field = "labels";

    private const int MostLabels = 64;
    private const int LongestValue = 255;
    private static readonly ImmutableSortedDictionary<string, string> NoLabels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The labels of a new study.</summary>
    public static ImmutableSortedDictionary<string, string> Read(RequestObject study) => Read(study, NoLabels, false);

    /// <summary>The labels after a patch: null takes one away, or all of them.</summary>
    public static ImmutableSortedDictionary<string, string> Merge(RequestObject patch, ImmutableSortedDictionary<string, string> labels) =>
        patch.IsNull(Field) ? NoLabels : Read(patch, labels, true);

    private static ImmutableSortedDictionary<string, string> Read(RequestObject study, ImmutableSortedDictionary<string, string> before, bool merge)
    {
        if (study.Get(Field) is not { } element)
        {
            return before;
        }

        string pointer = study.Pointer(Field);
        ImmutableSortedDictionary<string, string>.Builder labels = before.ToBuilder();
        if (element.ValueKind != JsonValueKind.Object)
        {
            study.Findings.WrongType(pointer, "an object of texts", element);
            return before;
        }

        ILookup<bool, JsonProperty> given = element.EnumerateObject().ToLookup(l => merge && l.Value.ValueKind == JsonValueKind.Null);
        labels.RemoveRange(given[true].Select(l => l.Name));
        int set = given[false].Count();
        if (set > MostLabels)
        {
            study.Findings.Error(pointer, ErrorCode.OutOfRange, $"At most {MostLabels} labels, not {set}.");
            return before;
        }

        foreach (JsonProperty label in given[false])
        {
            Add(label, JsonPointer.Member(pointer, label.Name), labels, study.Findings);
        }

        if (labels.Count > MostLabels)
        {
            study.Findings.Error(pointer, ErrorCode.OutOfRange, $"At most {MostLabels} labels, not {labels.Count}.");
        }

        return labels.ToImmutable();
    }

    private static void Add(JsonProperty label, string pointer, ImmutableSortedDictionary<string, string>.Builder labels, Findings findings)
    {
        if (!KeyPattern().IsMatch(label.Name))
        {
            findings.Error(pointer, ErrorCode.NotAccepted, "The name of a label has 1 to 63 letters, digits and . _ - / and begins with a letter or digit.");
        }
        else if (label.Value.ValueKind != JsonValueKind.String)
        {
            findings.WrongType(pointer, "a text", label.Value);
        }
        else if (label.Value.GetString() is { Length: > LongestValue } text)
        {
            findings.Error(pointer, ErrorCode.OutOfRange, $"At most {LongestValue} characters, not {text.Length}.");
        }
        else
        {
            labels[label.Name] = label.Value.GetString()!;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}\\z")]
    private static partial Regex KeyPattern();
}
