using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Datasets;

/// <summary>The dataset formats by name.</summary>
internal static class DatasetFormats
{
    /// <summary>The format of that name.</summary>
    /// <exception cref="TrainingException">This version does not read it.</exception>
    public static IDatasetFormat Find(string name) => name switch
    {
        "idx" => new IdxDataset(),
        _ => throw new TrainingException(FailureKind.BadParameters, $"Dataset format '{name}' is not read by this version; it reads idx."),
    };
}
