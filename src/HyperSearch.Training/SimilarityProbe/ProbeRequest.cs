using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.SimilarityProbe;

/// <summary>Asks how well the features after each block of a pretrained model separate the classes of a dataset.</summary>
public sealed record ProbeRequest
{
    /// <summary>The architecture, with the block count of this model.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>Folder with <c>config.json</c> and <c>model.safetensors</c>; null probes initial weights, for comparison.</summary>
    public string? WeightsFolder { get; init; }

    /// <summary>Folders that links inside the weights folder may lead into, besides its own; default null: anywhere, for weights that an operator named.</summary>
    public IReadOnlyList<string>? WeightsRoots { get; init; }

    /// <summary>The data.</summary>
    public required DatasetSource Dataset { get; init; }

    /// <summary>The training examples that trials of the study have, at most; null for all. A probe uses no others.</summary>
    public int? MaxTrainExamples { get; init; }

    /// <summary>Most examples that fit into memory, where it turned out that fewer do than usually go through at once; default null.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>Threads of the tensor library; default 1.</summary>
    public int Threads { get; init; } = 1;
}
