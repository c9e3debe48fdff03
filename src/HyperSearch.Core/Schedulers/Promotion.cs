namespace HyperSearch.Core.Schedulers;

/// <summary>The decision of a synchronous rung: its best go on from their checkpoints, the rest are pruned.</summary>
/// <param name="Bracket">The ladder.</param>
/// <param name="Rung">The level that is decided.</param>
/// <param name="Count">How many go on; 0 ends the bracket.</param>
/// <param name="ToEpoch">Where the segments of those end; the rung's own epochs when none goes on.</param>
public readonly record struct Promotion(int Bracket, int Rung, int Count, int ToEpoch);
