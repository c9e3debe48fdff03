using System.Collections.Immutable;

namespace HyperSearch.Core.Schedulers;

/// <summary>
/// Hyperband (Li et al., JMLR 2018): brackets of successive halving that start at higher and higher rungs, for the case that
/// few epochs tell little. Their trials are numbered beforehand, bracket after bracket; all run together, and since numbers
/// are created in order a free slot takes the earliest bracket that has work.
/// </summary>
/// <param name="brackets">The brackets, in order.</param>
/// <param name="reductionFactor">eta.</param>
public sealed class HyperbandScheduler(ImmutableArray<HyperbandBracket> brackets, int reductionFactor) : IScheduler
{
    private readonly ImmutableArray<SuccessiveHalvingScheduler> _ladders =
        [.. brackets.Select((b, i) => new SuccessiveHalvingScheduler(b.Epochs, reductionFactor, i, b.Trials[0]))];

    /// <inheritdoc/>
    public IReadOnlyList<Rung> Rungs(string studyId) => [.. _ladders.SelectMany(l => l.Rungs(studyId))];

    /// <inheritdoc/>
    public Placement Place(int number, int fullEpochs)
    {
        int bracket = brackets.Length - 1;
        while (brackets[bracket].FirstNumber > number)
        {
            bracket--;
        }

        return _ladders[bracket].Place(number, fullEpochs);
    }

    /// <inheritdoc/>
    public bool Compares(int? bracket, int? rung) => bracket is { } b && _ladders[b].Compares(bracket, rung);

    /// <inheritdoc/>
    public Promotion? Decide(RungView view)
    {
        int asked = -1;
        foreach (Rung rung in view.Rungs)
        {
            if (rung.Decided || rung.Bracket == asked)
            {
                continue;
            }

            asked = rung.Bracket;
            if (_ladders[asked].Decide(rung, view.Trials) is { } promotion)
            {
                return promotion;
            }
        }

        return null;
    }
}
