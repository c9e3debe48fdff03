using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets.Text;

namespace HyperSearch.Training.Datasets;

/// <summary>The dataset formats by name.</summary>
internal static class DatasetFormats
{
    /// <summary>The format of that name.</summary>
    /// <exception cref="TrainingException">This version does not read it.</exception>
    public static IDatasetFormat Find(string name) => name switch
    {
        DatasetFormat.Idx => new IdxDataset(),
        DatasetFormat.ImageFolder => new ImageFolder(),
        DatasetFormat.Csv => new TextDataset(".csv", ".tsv"),
        DatasetFormat.Jsonl => new TextDataset(".jsonl"),
        _ => throw new TrainingException(FailureKind.BadParameters,
            $"Dataset format '{name}' is not read by this version; it reads {string.Join(", ", DatasetFormat.All)}."),
    };
}
