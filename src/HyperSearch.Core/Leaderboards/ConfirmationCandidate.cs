using System.Collections.Immutable;

namespace HyperSearch.Core.Leaderboards;

/// <summary>A configuration that ran again with fresh seeds.</summary>
/// <param name="Number">The number of the trial that it confirms; -1 is the baseline.</param>
/// <param name="Runs">Its runs, one per seed; the search's own run is not among them.</param>
public sealed record ConfirmationCandidate(int Number, ImmutableArray<ConfirmationRun> Runs);
