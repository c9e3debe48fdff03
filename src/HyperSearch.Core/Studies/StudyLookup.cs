using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>What the rules have to see before they can decide on an input; the host looks it up, the rules stay pure.</summary>
/// <param name="History">Whether a configuration may be proposed, so that the trials' history has to be up to date.</param>
/// <param name="Rung">Whether the ordered results around the cut of the trial's rung are needed.</param>
/// <param name="Epochs">Epochs whose ordered running averages are needed.</param>
public sealed record StudyLookup(bool History, bool Rung, ImmutableArray<int> Epochs)
{
    /// <summary>Nothing: most inputs.</summary>
    public static StudyLookup None { get; } = new(false, false, []);
}
