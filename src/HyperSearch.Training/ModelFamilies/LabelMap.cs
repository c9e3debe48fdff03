using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>The label map in <c>config.json</c>.</summary>
internal static class LabelMap
{
    private const int MostLabels = 1_000_000;

    /// <summary>
    /// Reads <c>id2label</c>; without it <c>num_labels</c> (timm: <c>label_names</c>, <c>num_classes</c>), where the
    /// labels are LABEL_0, LABEL_1, ... as in Hugging Face's transformers, whose default is two.
    /// </summary>
    /// <exception cref="TrainingException">The map does not name every class.</exception>
    public static ImmutableArray<string> Read(ConfigFile file)
    {
        if (file.Object("id2label") is { Json: { Count: > 0 } map })
        {
            return [.. Enumerable.Range(0, map.Count).Select(i => map[Key(i)] is JsonValue v && v.TryGetValue(out string? label)
                ? label
                : throw file.Wrong("id2label", "a name for each of the classes 0, 1, 2, ..."))];
        }

        if (file.Json["label_names"] is JsonArray { Count: > 0 } names && names.All(n => n is JsonValue v && v.TryGetValue(out string? _)))
        {
            return [.. names.Select(n => n!.GetValue<string>())];
        }

        int count = file.Int("num_labels", 1, MostLabels, file.Int("num_classes", 0, MostLabels, 2));
        return [.. Enumerable.Range(0, count).Select(i => "LABEL_" + Key(i))];
    }

    /// <summary>Writes all forms of the map that readers look for.</summary>
    public static void Write(JsonObject json, ImmutableArray<string> labels)
    {
        JsonObject names = [], numbers = [];
        for (int i = 0; i < labels.Length; i++)
        {
            names[Key(i)] = labels[i];
            numbers[labels[i]] = i;
        }

        json["num_labels"] = labels.Length;
        json["id2label"] = names;
        json["label2id"] = numbers;
        if (json.ContainsKey("num_classes"))
        {
            json["num_classes"] = labels.Length;
        }

        json.Remove("label_names");
    }

    private static string Key(int id) => id.ToString(CultureInfo.InvariantCulture);
}
