using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Training;

/// <summary>Scores an exported model on the test split of a dataset.</summary>
public sealed record EvaluationRequest
{
    /// <summary>The architecture.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>Folder of the exported model, such as <c>best/</c> of a checkpoint.</summary>
    public required string ModelFolder { get; init; }

    /// <summary>Folder of the data.</summary>
    public required string DatasetFolder { get; init; }

    /// <summary><c>idx</c>.</summary>
    public string DatasetFormat { get; init; } = "idx";

    /// <summary>A metric of the objective by its <c>val_</c> name; on the test split it is the same computation.</summary>
    public required string Metric { get; init; }

    /// <summary>Threads of the tensor library; default 1.</summary>
    public int Threads { get; init; } = 1;
}
