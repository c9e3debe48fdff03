using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Datasets;

/// <summary>The files of a dataset by split, each list in a fixed order.</summary>
internal sealed record DatasetFiles
{
    /// <summary>Names of the classes, one per line.</summary>
    public const string LabelsFile = "labels.txt";

    /// <summary>The folder, for messages.</summary>
    public required string Folder { get; init; }

    public required IReadOnlyList<DataFile> Train { get; init; }

    public required IReadOnlyList<DataFile> Validation { get; init; }

    public required IReadOnlyList<DataFile> Test { get; init; }

    /// <summary>The file that names the classes, or null.</summary>
    public DataFile? Labels { get; init; }

    /// <summary>Files of the search in the order in which they are hashed; the test split is none of them.</summary>
    public IEnumerable<DataFile> OfSearch => [.. Train, .. Validation, .. Names];

    /// <summary>Files that decide what the test split is.</summary>
    public IEnumerable<DataFile> OfTest => [.. Test, .. Names];

    private IEnumerable<DataFile> Names => Labels is { } labels ? [labels] : [];

    /// <summary>Sorts files into splits by their names; if no name tells one, all are trained on.</summary>
    /// <exception cref="TrainingException">There is none to train on.</exception>
    public static DatasetFiles ByName(
        DatasetSource source, SignOfLife life, string what, Func<DataFile, bool> wanted, Func<DataFile, Split?>? splitOf = null)
    {
        splitOf ??= file => SplitNames.Of(file.Name, source.Options.Split);
        IReadOnlyList<DataFile> all = DataTree.Files(source.Folder, source.Roots, life);
        ILookup<Split?, DataFile> files = all.Where(wanted).ToLookup(splitOf);
        bool unnamed = source.Options.Split is null && files.All(split => split.Key is null);
        List<DataFile> train = [.. files[unnamed ? null : Split.Train]];
        return train.Count > 0
            ? new()
            {
                Folder = source.Folder,
                Train = train,
                Validation = [.. files[Split.Validation]],
                Test = [.. files[Split.Test]],
                Labels = all.Where(f => f.Name == LabelsFile).Select(f => (DataFile?)f).FirstOrDefault(),
            }
            : throw new TrainingException(FailureKind.DatasetError, $"{source.Folder} has no {what} to train on{(source.Options.Split is { } name ? $" in a split {name}" : "")}.");
    }
}
