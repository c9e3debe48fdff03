using System.Collections.Immutable;

namespace HyperSearch.Core.Leaderboards;

/// <summary>A candidate in its place after the confirmation.</summary>
/// <param name="Number">The number of the trial that was confirmed; -1 is the baseline.</param>
/// <param name="Confirmation">What its runs say.</param>
/// <param name="TiedWith">Numbers of the candidates, best first, from which its runs do not tell it apart; empty where a run has no value.</param>
/// <param name="ExportedSeed">Seed of the run whose model is exported: the one nearest the mean, of equally near ones the lower seed; null if none has a value.</param>
public sealed record ConfirmedCandidate(int Number, Confirmation Confirmation, ImmutableArray<int> TiedWith, long? ExportedSeed);
