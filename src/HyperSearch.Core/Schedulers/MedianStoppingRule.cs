namespace HyperSearch.Core.Schedulers;

/// <summary>
/// Stops a trial whose best value so far is strictly worse than the median of the other trials' running averages at the
/// same epoch (Golovin et al., KDD 2017, section 3.2.2). A median, not a mean.
/// </summary>
/// <param name="graceEpochs">The first decision comes after the epoch behind these; default 1.</param>
/// <param name="minTrials">Other trials that must have reported the epoch; default 5.</param>
public sealed class MedianStoppingRule(int graceEpochs, int minTrials)
{
    /// <summary>Whether a trial stops after an epoch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="bestLoss">Its best value so far, smaller is better; null without a finite one.</param>
    /// <param name="others">The running averages of the other trials at that epoch.</param>
    /// <param name="near">The neighbours of their middle.</param>
    public bool Stops(int epoch, double? bestLoss, EpochRanking others, Neighbourhood near) =>
        epoch > graceEpochs && others.Count >= minTrials && bestLoss > others.Median(near);
}
