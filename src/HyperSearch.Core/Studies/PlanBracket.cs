using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>One bracket of a plan.</summary>
/// <param name="Rungs">Its rungs, ascending; one without multi-fidelity, none where epochs are searched.</param>
public sealed record PlanBracket(ImmutableArray<PlanRung> Rungs)
{
    /// <summary>Epochs when promoted trials go on from their checkpoints.</summary>
    internal long Epochs => Rungs.Select((r, k) => (long)r.Trials * (r.Epochs - (k == 0 ? 0 : Rungs[k - 1].Epochs))).Sum();

    /// <summary>Epochs if every promoted trial began again.</summary>
    internal long EpochsWithoutResume => Rungs.Sum(r => (long)r.Trials * r.Epochs);
}
