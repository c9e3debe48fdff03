using System.Collections.Immutable;

namespace HyperSearch.Core.Schedulers;

/// <summary>
/// Synchronous successive halving (Jamieson and Talwalkar, AISTATS 2016): a rung decides once, when every trial on its
/// way has reported or ended, and its best go on from their checkpoints. A trial that failed, was lost or cancelled
/// never blocks a rung; a diverged one counts in it and is never promoted.
/// </summary>
/// <param name="ladder">The rungs' epochs.</param>
/// <param name="trials">N: searched trials.</param>
/// <param name="reductionFactor">eta.</param>
public sealed class SuccessiveHalvingScheduler(Ladder ladder, int trials, int reductionFactor) : IScheduler
{
    private readonly ImmutableArray<int> _sizes = ladder.Trials(trials, reductionFactor);

    private int Top => ladder.Count - 1;

    /// <inheritdoc/>
    public IReadOnlyList<Rung> Rungs(string studyId) =>
        [.. ladder.Epochs.Select((epochs, k) => new Rung(studyId, 0, k, epochs, k == 0 ? trials : 0))];

    /// <inheritdoc/>
    public Placement Place(int number, int fullEpochs) => new(0, 0, ladder.Epochs[0]);

    /// <inheritdoc/>
    public bool Compares(int? bracket, int? rung) => rung < Top;

    /// <inheritdoc/>
    public Promotion? Decide(RungView view)
    {
        // The first undecided rung is the only one that trials can be on.
        Rung? rung = view.Rungs.FirstOrDefault(r => !r.Decided);
        if (rung is null || rung.Outstanding > 0)
        {
            return null;
        }

        int count = rung.Index == Top ? 0 : Math.Min(_sizes[rung.Index + 1], rung.Finite);
        return new(rung.Bracket, rung.Index, count, count > 0 ? ladder.Epochs[rung.Index + 1] : rung.Epochs);
    }
}
