namespace HyperSearch.Core.Studies;

/// <summary>The data a study trains and validates on.</summary>
public sealed record StudyDataset
{
    /// <summary>Name in the catalogue, or null where the request gives a path.</summary>
    public string? Name { get; init; }

    /// <summary>Folder of the data (for texts also one file), as the catalogue or the request names it; opened by workers only.</summary>
    public required string Location { get; init; }

    /// <summary>One of <see cref="DatasetFormat"/>; default <c>idx</c>.</summary>
    public string Format { get; init; } = DatasetFormat.Idx;

    /// <summary>Number of classes, where the catalogue knows it.</summary>
    public int? Classes { get; init; }

    /// <summary>Uses only that many training examples, drawn by a constant seed; null for all.</summary>
    public int? MaxTrainExamples { get; init; }

    /// <summary>How it is read beyond that.</summary>
    public DatasetOptions Options { get; init; } = DatasetOptions.Default;
}
