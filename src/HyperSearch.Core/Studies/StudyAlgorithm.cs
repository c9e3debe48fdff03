namespace HyperSearch.Core.Studies;

/// <summary>The search algorithm of a study, every default resolved.</summary>
public sealed record StudyAlgorithm
{
    /// <summary>One of <see cref="AlgorithmCatalog.Names"/>; default <c>random</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the sampler that proposes parameters: the algorithm's own name without rungs, else one of <see cref="AlgorithmCatalog.Samplers"/>, by default <c>random</c>.</summary>
    public required string Sampler { get; init; }

    /// <summary>Whether a grid is permuted by the seed; default false.</summary>
    public bool Shuffled { get; init; }

    /// <summary>The rule that ends weak trials early; null = none, and always null with rungs or <c>one_at_a_time</c>.</summary>
    public MedianStopping? Stopping { get; init; }

    /// <summary>eta: 1/eta of a rung go on; null without rungs. Default 3, valid 2..16.</summary>
    public int? ReductionFactor { get; init; }

    /// <summary>r: epochs of the first rung; null without rungs. Default 1.</summary>
    public int? MinEpochs { get; init; }

    /// <summary>R: epochs of the last rung and of every trial's schedule; null without rungs. Default: the family's epochs.</summary>
    public int? MaxEpochs { get; init; }

    /// <summary>Whether trials are compared at rungs and go on from checkpoints.</summary>
    public bool IsMultiFidelity => MinEpochs is not null;
}
