namespace HyperSearch.Core.Schedulers;

/// <summary>
/// Synchronous successive halving (Jamieson and Talwalkar, AISTATS 2016): a rung decides once, when every trial on its
/// way has reported or ended, and its best go on from their checkpoints. A trial that failed, was lost or cancelled
/// never blocks a rung; a diverged one counts in it and is never promoted.
/// </summary>
/// <param name="epochs">Epochs of every rung, ascending.</param>
/// <param name="reductionFactor">eta.</param>
/// <param name="bracket">The ladder's index; default 0.</param>
/// <param name="size">n_0 where it is fixed beforehand; null (default) where it is the study's N.</param>
public sealed class SuccessiveHalvingScheduler(IReadOnlyList<int> epochs, int reductionFactor, int bracket = 0, int? size = null) : IScheduler
{
    private int Top => epochs.Count - 1;

    /// <inheritdoc/>
    public IReadOnlyList<Rung> Rungs(string studyId) => [.. epochs.Select((e, k) => new Rung(studyId, bracket, k, e))];

    /// <inheritdoc/>
    public Placement Place(int number, int fullEpochs) => new(bracket, 0, epochs[0]);

    /// <inheritdoc/>
    public bool Compares(int? bracket, int? rung) => rung < Top;

    /// <inheritdoc/>
    public Promotion? Decide(RungView view)
    {
        foreach (Rung rung in view.Rungs)
        {
            if (!rung.Decided)
            {
                return Decide(rung, view.Trials);
            }
        }

        return null;
    }

    /// <summary>The decision of the first undecided rung, the only one of its bracket that trials can be on; null as long as it is open.</summary>
    internal Promotion? Decide(Rung rung, int trials)
    {
        int first = size ?? trials;
        if (rung.Outstanding > 0 || (rung.Index == 0 && rung.Entered < first))
        {
            return null;
        }

        int count = rung.Index == Top ? 0 : Math.Min(Size(first, rung.Index + 1), rung.Finite);
        return new(bracket, rung.Index, count, count > 0 ? epochs[rung.Index + 1] : rung.Epochs);
    }

    /// <summary>n_k when none fails: n_0, then max(1, floor(n / eta)).</summary>
    private int Size(int first, int index) => index == 0 ? first : Math.Max(1, Size(first, index - 1) / reductionFactor);
}
