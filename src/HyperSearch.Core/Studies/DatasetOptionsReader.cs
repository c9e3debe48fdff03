using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>Reads how a dataset is to be read, in a request and in the catalogue.</summary>
internal static class DatasetOptionsReader
{
    private const int LongestName = 200;
    private const int ShortestText = 8;
    private const int LongestText = 8_192;
    private const int SmallestImage = 8;
    private const int LargestImage = 4_096;
    private static readonly ImmutableArray<string> Columns = ["text_column", "text_pair_column", "label_column", "group_column"];

    // The names of the splits that are never trained on.
    private static readonly ImmutableArray<string> Held =
        ["validation", "valid", "val", "dev", "test", "testing", "eval", "evaluation", "t10k"];

    /// <summary>The fields.</summary>
    public static ImmutableArray<string> Fields { get; } = ["split", .. Columns, "max_length", "image_size"];

    /// <summary>The options of an object; what is wrong is reported and left out.</summary>
    public static DatasetOptions Read(RequestObject owner)
    {
        DatasetOptions options = new()
        {
            Split = Name(owner, "split"),
            TextColumn = Name(owner, Columns[0]),
            TextPairColumn = Name(owner, Columns[1]),
            LabelColumn = Name(owner, Columns[2]),
            GroupColumn = Name(owner, Columns[3]),
            MaxLength = owner.Int("max_length", ShortestText, LongestText),
            ImageSize = owner.Int("image_size", SmallestImage, LargestImage),
        };
        if (options.Split is { } split && Held.Contains(split, StringComparer.OrdinalIgnoreCase))
        {
            owner.Findings.Error(owner.Pointer("split"), ErrorCode.NotAccepted, $"The split {split} is kept for scoring and cannot be trained on.");
        }

        return options;
    }

    /// <summary>Reports columns that are used twice and warns of what the format does not have.</summary>
    /// <param name="owner">The object in which they are given.</param>
    /// <param name="options">The options with what the catalogue adds.</param>
    /// <param name="format">The format.</param>
    public static void Check(RequestObject owner, DatasetOptions options, string format)
    {
        bool text = DatasetFormat.IsText(format);
        ImmutableArray<string> idle = text ? ["image_size"] : Columns.Add("max_length");
        foreach (string field in idle.Where(owner.Has))
        {
            owner.Findings.Warn(WarningCode.NoEffect, owner.Pointer(field), $"A dataset of the format {format} has no use for {field}.");
        }

        if (!text)
        {
            return;
        }

        string label = options.LabelColumn ?? "label";
        RefuseSame(owner, Columns[0], options.TextColumn, label, "label");
        RefuseSame(owner, Columns[1], options.TextPairColumn, label, "label");
        RefuseSame(owner, Columns[1], options.TextPairColumn, options.TextColumn ?? "text", "first text");
    }

    private static void RefuseSame(RequestObject owner, string field, string? column, string other, string what)
    {
        if (column == other)
        {
            owner.Findings.Error(owner.Pointer(field), ErrorCode.NotAccepted, $"The column {Findings.Quote(other)} is the {what} already.");
        }
    }

    private static string? Name(RequestObject owner, string field)
    {
        if (owner.Text(field, LongestName) is not { } name)
        {
            return null;
        }

        if (!string.IsNullOrWhiteSpace(name))
        {
            return name;
        }

        owner.Findings.Error(owner.Pointer(field), ErrorCode.NotAccepted, "A name must not be empty.");
        return null;
    }
}
