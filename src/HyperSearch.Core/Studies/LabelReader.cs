using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the labels of a request: an object of texts.</summary>
internal static partial class LabelReader
{
    private const string Field = "labels";
    private const int MostLabels = 64;
    private const int LongestValue = 255;

    public static ImmutableSortedDictionary<string, string> Read(RequestObject study)
    {
        ImmutableSortedDictionary<string, string>.Builder labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (study.Get(Field) is not { } element)
        {
            return labels.ToImmutable();
        }

        string pointer = study.Pointer(Field);
        if (element.ValueKind != JsonValueKind.Object)
        {
            study.Findings.WrongType(pointer, "an object of texts", element);
        }
        else if (element.GetPropertyCount() > MostLabels)
        {
            study.Findings.Error(pointer, ErrorCode.OutOfRange, $"At most {MostLabels} labels, not {element.GetPropertyCount()}.");
        }
        else
        {
            foreach (JsonProperty label in element.EnumerateObject())
            {
                Add(label, JsonPointer.Member(pointer, label.Name), labels, study.Findings);
            }
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
