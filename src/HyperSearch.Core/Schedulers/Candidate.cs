namespace HyperSearch.Core.Schedulers;

/// <summary>A paused trial that goes on from its checkpoint as soon as a slot is free.</summary>
/// <param name="Bracket">The ladder.</param>
/// <param name="Rung">The level that it has reached.</param>
/// <param name="Number">The trial.</param>
/// <param name="ToEpoch">Finished epochs at the end of its next segment.</param>
public readonly record struct Candidate(int Bracket, int Rung, int Number, int ToEpoch);
