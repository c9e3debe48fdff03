namespace HyperSearch.Core.Studies;

/// <summary>What a request says about the algorithm, before the space is known.</summary>
internal sealed record AlgorithmRequest
{
    public required string Name { get; init; }

    public required string Sampler { get; init; }

    public bool Shuffled { get; init; }

    public bool IsMultiFidelity { get; init; }

    public MedianStopping? Stopping { get; init; }

    public int ReductionFactor { get; init; } = 3;

    public int MinEpochs { get; init; } = 1;

    /// <summary>Null where the request leaves it to the constant epochs.</summary>
    public int? MaxEpochs { get; init; }

    /// <summary>Where the first rung is given, or the algorithm where it is not.</summary>
    public required string MinEpochsPointer { get; init; }

    /// <summary>The resolved algorithm.</summary>
    /// <param name="epochs">Epochs of every trial that are constant: the ladder's end.</param>
    public StudyAlgorithm Resolve(int epochs) => new()
    {
        Name = Name,
        Sampler = Sampler,
        Shuffled = Shuffled,
        Stopping = Stopping,
        ReductionFactor = IsMultiFidelity ? ReductionFactor : null,
        MinEpochs = IsMultiFidelity ? MinEpochs : null,
        MaxEpochs = IsMultiFidelity ? epochs : null,
    };
}
