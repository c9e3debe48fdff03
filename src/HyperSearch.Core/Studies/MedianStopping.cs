namespace HyperSearch.Core.Studies;

/// <summary>
/// Median stopping (Golovin et al., KDD 2017): a trial ends when its best value so far is strictly worse than the median of
/// the other trials' running averages at the same epoch.
/// </summary>
public sealed record MedianStopping
{
    /// <summary>Epochs before the first decision, which falls after epoch grace + 1. 0 and up, below the trials' epochs; default 1.</summary>
    public int GraceEpochs { get; init; } = 1;

    /// <summary>Other trials that must have reported the epoch, at least 1; default 5.</summary>
    public int MinTrials { get; init; } = 5;
}
