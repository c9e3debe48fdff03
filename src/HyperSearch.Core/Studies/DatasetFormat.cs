using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>The formats of datasets by their names.</summary>
public static class DatasetFormat
{
    /// <summary>Pairs of files of the MNIST family.</summary>
    public const string Idx = "idx";

    /// <summary>A folder for each split and in it one for each class, with PNG and JPEG files.</summary>
    public const string ImageFolder = "image_folder";

    /// <summary>Texts in CSV files (RFC 4180) with a header.</summary>
    public const string Csv = "csv";

    /// <summary>Texts in files with a JSON object in each line.</summary>
    public const string Jsonl = "jsonl";

    /// <summary>All that can be read.</summary>
    public static ImmutableArray<string> All { get; } = [Idx, ImageFolder, Csv, Jsonl];

    /// <summary>Whether its examples are texts; else they are images.</summary>
    /// <param name="format">A format.</param>
    public static bool IsText(string format) => format is Csv or Jsonl;

    /// <summary>The format of a location that does not say: by the ending of a file's name, else <c>idx</c>.</summary>
    /// <param name="location">A path.</param>
    public static string Of(string location) =>
        location.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || location.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? Csv
        : location.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? Jsonl
        : Idx;
}
