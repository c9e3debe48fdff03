using System.Collections.Immutable;

namespace HyperSearch.Training.Datasets;

/// <summary>How the files of a dataset are laid out. Tensors that it returns belong to no dispose scope.</summary>
internal interface IDatasetFormat
{
    /// <summary>The files that the content hash covers, in a fixed order.</summary>
    /// <exception cref="TrainingException">The folder or its training split is missing.</exception>
    IReadOnlyList<string> Files(string folder);

    /// <summary>Decodes training and validation split.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="hash">The content hash of <see cref="Files"/>.</param>
    /// <exception cref="TrainingException">A file is missing or damaged; names it.</exception>
    LabelledDataset Load(string folder, string hash);

    /// <summary>Decodes the test split.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="labels">The label map of the training split.</param>
    TestSplit LoadTest(string folder, ImmutableArray<string> labels);
}
