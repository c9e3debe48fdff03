using HyperSearch.Core.Studies;

namespace HyperSearch.Training.Datasets;

/// <summary>Where a dataset lies, how it is read, and where what was decoded is kept.</summary>
public sealed record DatasetSource
{
    /// <summary>Folder of the data; for texts also one file.</summary>
    public required string Folder { get; init; }

    /// <summary>One of <see cref="DatasetFormat"/>; default <c>idx</c>.</summary>
    public string Format { get; init; } = DatasetFormat.Idx;

    /// <summary>How the data is read beyond that.</summary>
    public DatasetOptions Options { get; init; } = DatasetOptions.Default;

    /// <summary>Folders that links inside the dataset may lead into, besides its own; default none.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Where decoded data and features are kept for all processes of the machine; default a folder for temporary files.</summary>
    public string CacheFolder { get; init; } = DecodedData.DefaultFolder;

    /// <summary>Bytes that may be kept there; default 20 GB.</summary>
    public long CacheBytes { get; init; } = DecodedData.DefaultBytes;
}
