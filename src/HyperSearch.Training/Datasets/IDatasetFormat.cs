using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Datasets;

/// <summary>How the files of a dataset are laid out.</summary>
internal interface IDatasetFormat
{
    /// <summary>Whether labels are places of classes, gaps included.</summary>
    bool LabelsArePlaces { get; }

    /// <summary>The files by split.</summary>
    /// <param name="source">The dataset.</param>
    /// <param name="life">Told of every file.</param>
    /// <exception cref="TrainingException">The folder or its training split is missing.</exception>
    DatasetFiles Files(DatasetSource source, SignOfLife life);

    /// <summary>Whether a split has labels.</summary>
    /// <param name="source">The dataset.</param>
    /// <param name="files">The split's files, at least one.</param>
    bool IsLabelled(DatasetSource source, IReadOnlyList<DataFile> files);

    /// <summary>Decodes a split.</summary>
    /// <exception cref="TrainingException">Of kind <see cref="FailureKind.DatasetError"/>: a file is missing or damaged; names it and the line.</exception>
    DecodedSplit Decode(DecodeJob job);
}
