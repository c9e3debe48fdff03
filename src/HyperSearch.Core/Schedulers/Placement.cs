namespace HyperSearch.Core.Schedulers;

/// <summary>Where a trial works: its rung, and the epoch at which its segment ends.</summary>
/// <param name="Bracket">The ladder; null without rungs.</param>
/// <param name="Rung">The level; null without rungs.</param>
/// <param name="ToEpoch">Finished epochs at the end of the segment.</param>
public readonly record struct Placement(int? Bracket, int? Rung, int ToEpoch);
