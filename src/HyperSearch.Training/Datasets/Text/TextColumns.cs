using HyperSearch.Core.Studies;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>Which fields of a file are what.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text; null without one.</param>
/// <param name="Label">The class.</param>
/// <param name="Group">The group; null without one.</param>
internal sealed record TextColumns(string Text, string? Pair, string Label, string? Group)
{
    private const string UsualLabel = "label";
    private static readonly string[] UsualTexts = ["text", "sentence"];

    /// <summary>The fields of a file.</summary>
    /// <param name="options">Which are asked for.</param>
    /// <param name="records">The file at its first record.</param>
    /// <exception cref="TrainingException">One is not there; lists those that are.</exception>
    public static TextColumns Of(DatasetOptions options, RecordFile records)
    {
        string text = options.TextColumn ?? UsualTexts.FirstOrDefault(records.Names.Contains) ?? UsualTexts[0];
        TextColumns columns = new(text, options.TextPairColumn, LabelOf(options), options.GroupColumn);
        (string Field, string? Name)[] all =
            [("text_column", columns.Text), ("text_pair_column", columns.Pair), ("label_column", columns.Label), ("group_column", columns.Group)];
        foreach ((string field, string? name) in all)
        {
            if (name is not null && !records.Names.Contains(name))
            {
                throw records.Wrong($"there is no column {DataFaults.Quote(name)} ({field}); there are {string.Join(", ", records.Names)}.{Suggestion.Sentence(name, records.Names)}".TrimEnd('.'));
            }
        }

        return columns;
    }

    /// <summary>Name of the field with the class.</summary>
    public static string LabelOf(DatasetOptions options) => options.LabelColumn ?? UsualLabel;
}
