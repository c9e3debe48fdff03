using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>A study's texts and limits as a valid patch leaves them.</summary>
/// <param name="Input">What the rules have to do: the limits that change.</param>
/// <param name="Notes">The notes, changed or not.</param>
/// <param name="Labels">The labels, changed or not.</param>
/// <param name="TextsChange">Whether notes or labels change.</param>
public sealed record StudyPatch(StudyInput.Patched Input, string? Notes, ImmutableSortedDictionary<string, string> Labels, bool TextsChange)
{
    /// <summary>Whether anything changes.</summary>
    public bool Changes => Input.ChangesLimits || TextsChange;
}
