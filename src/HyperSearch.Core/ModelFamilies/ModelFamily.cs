using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

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

    /// <summary>Whether its examples are texts; default false: images.</summary>
    public bool TakesTexts { get; init; }

    /// <summary>The default of every hyperparameter; also the baseline trial.</summary>
    public required ParameterSet Defaults { get; init; }

    /// <summary>Learning rates of the default space, both ends included, searched on the logarithm; default 1e-4 to 1e-1.</summary>
    public (double Min, double Max) SearchedRates { get; init; } = (1e-4, 1e-1);

    /// <summary>Batch sizes of the default space; default 16, 32, 64.</summary>
    public ImmutableArray<double> SearchedBatchSizes { get; init; } = [16, 32, 64];

    /// <summary>Most leading blocks that the default space freezes; never more than <see cref="Blocks"/>. Default 3.</summary>
    public int MostFrozenSearched { get; init; } = 3;

    /// <summary>Whether a trial updates the statistics of a batch norm at any epoch: then it needs more than a few examples at a time.</summary>
    /// <param name="parameters">The trial's parameters.</param>
    public bool TrainsBatchNorm(ParameterSet parameters) => HasBatchNorm && (parameters.FrozenBlocks < Blocks || parameters.UnfreezeEvery > 0);

    /// <summary>
    /// What a study without a search space searches; everything else stays at <see cref="Defaults"/>. Studies with rungs
    /// compare trials in the middle of the schedule, so they search only schedules that are comparable there.
    /// </summary>
    /// <param name="multiFidelity">Whether trials are compared at rungs.</param>
    public ImmutableArray<ParameterDomain> DefaultSpace(bool multiFidelity) =>
    [
        new ParameterDomain.Ranged(HyperparameterCatalog.LearningRate, SearchedRates.Min, SearchedRates.Max, Log: true, null, null),
        new ParameterDomain.Listed(HyperparameterCatalog.BatchSize, SearchedBatchSizes),
        new ParameterDomain.Ranged(HyperparameterCatalog.Dropout, 0, 0.5, Log: false, null, null),
        new ParameterDomain.Ranged(HyperparameterCatalog.WeightDecay, 1e-6, 1e-1, Log: true, null, null),
        new ParameterDomain.Listed(HyperparameterCatalog.LrSchedule, multiFidelity ? [0, 1, 2] : [0, 1, 2, 3, 4, 5]),
        new ParameterDomain.Ranged(HyperparameterCatalog.FrozenBlocks, 0, Math.Min(MostFrozenSearched, Blocks), Log: false, null, null),
    ];
}
