using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>One bracket of a plan.</summary>
/// <param name="Rungs">Its rungs, ascending; one without multi-fidelity, none where epochs are searched.</param>
public sealed record PlanBracket(ImmutableArray<PlanRung> Rungs);
