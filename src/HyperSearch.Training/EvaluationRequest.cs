using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training;

/// <summary>Scores an exported model on the test split of a dataset.</summary>
public sealed record EvaluationRequest
{
    /// <summary>The architecture.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>Folder of the exported model, such as <c>best/</c> of a checkpoint.</summary>
    public required string ModelFolder { get; init; }

    /// <summary>The data.</summary>
    public required DatasetSource Dataset { get; init; }

    /// <summary>A metric of the objective by its <c>val_</c> name; on the test split it is the same computation.</summary>
    public required string Metric { get; init; }

    /// <summary>Most examples that fit into memory, where training found that fewer do than are in a batch; default null.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>One of <see cref="Precisions"/>, that of the training; default <c>fp32</c>.</summary>
    public string Precision { get; init; } = Precisions.Fp32;

    /// <summary>Threads of the tensor library; default 1.</summary>
    public int Threads { get; init; } = 1;
}
