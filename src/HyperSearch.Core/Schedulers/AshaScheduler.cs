namespace HyperSearch.Core.Schedulers;

/// <summary>
/// Asynchronous successive halving by promotion (Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys
/// 2020, algorithm 2). Every trial pauses at its rung. A free slot goes to the best paused trial that is among the best
/// floor(|rung| / eta) of its rung, looked for from the top down; else to a new trial. A diverged trial keeps its place in
/// the order, behind all finite ones, and no other gets it.
/// </summary>
/// <param name="ladder">The rungs' epochs.</param>
/// <param name="reductionFactor">eta.</param>
public sealed class AshaScheduler(Ladder ladder, int reductionFactor) : IScheduler
{
    private int Top => ladder.Count - 1;

    /// <inheritdoc/>
    public bool Asynchronous => true;

    /// <inheritdoc/>
    public IReadOnlyList<Rung> Rungs(string studyId) => [.. ladder.Epochs.Select((epochs, k) => new Rung(studyId, 0, k, epochs))];

    /// <inheritdoc/>
    public Placement Place(int number, int fullEpochs) => new(0, 0, ladder.Epochs[0]);

    /// <inheritdoc/>
    public bool Compares(int? bracket, int? rung) => rung < Top;

    /// <inheritdoc/>
    public int? Places(Rung rung) => rung.Index == Top ? null : Math.Min(rung.Ended / reductionFactor, rung.Finite);

    /// <inheritdoc/>
    public Candidate? Next(RungView view)
    {
        for (int k = Top - 1; k >= 0; k--)
        {
            if (view.Rungs[k] is { Open: { } open } rung && rung.Cut.Includes(open))
            {
                return Promoted(rung, open);
            }
        }

        // Nothing runs and nothing else can start: without a fully trained trial the search would have no result.
        bool stuck = view.Open == 0 && view.Created >= view.Trials && view.Rungs[Top].Finite == 0;
        return stuck && view.Rungs.SkipLast(1).LastOrDefault(r => r.Open is not null) is { Open: { } best } highest
            ? Promoted(highest, best)
            : null;
    }

    private Candidate Promoted(Rung rung, Standing standing) => new(rung.Bracket, rung.Index, standing.Number, ladder.Epochs[rung.Index + 1]);
}
