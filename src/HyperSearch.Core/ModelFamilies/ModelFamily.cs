using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.ModelFamilies;

/// <summary>What the search must know of an architecture that can be fine-tuned; the module itself is Training's.</summary>
public sealed record ModelFamily
{
    /// <summary>The name in requests, such as <c>convnet</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Blocks that can be frozen, counted from the input; the head is not one of them.</summary>
    public required int Blocks { get; init; }

    /// <summary>Whether it has batch norm: a single last example then joins the batch before it.</summary>
    public required bool HasBatchNorm { get; init; }

    /// <summary>Whether it needs a dataset; only the synthetic family does not.</summary>
    public bool NeedsDataset { get; init; } = true;

    /// <summary>The default of every hyperparameter; also the baseline trial.</summary>
    public required ParameterSet Defaults { get; init; }
}
