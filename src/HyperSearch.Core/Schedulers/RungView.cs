using System.Collections.Immutable;

namespace HyperSearch.Core.Schedulers;

/// <summary>All that a scheduler sees of a study's trials: their number and the counts of its rungs.</summary>
/// <param name="Rungs">The rungs, bracket by bracket, from the lowest up.</param>
/// <param name="Trials">N: searched trials that the study may have now.</param>
/// <param name="Created">Searched trials that exist.</param>
/// <param name="Open">Searched trials that wait for a slot or have one.</param>
public readonly record struct RungView(ImmutableArray<Rung> Rungs, int Trials, int Created, int Open);
