namespace HyperSearch.Core.Schedulers;

/// <summary>What the host has to store of the ordered results.</summary>
/// <param name="Bracket">The ladder; <see cref="EpochRanking.Bracket"/> for the running averages of an epoch.</param>
/// <param name="Level">The rung's index, or the epoch.</param>
/// <param name="Number">The trial.</param>
/// <param name="Kind">What happens to its result there.</param>
/// <param name="Loss">The result of an <see cref="StandingChangeKind.Insert"/>; else without meaning.</param>
public sealed record StandingChange(int Bracket, int Level, int Number, StandingChangeKind Kind, double Loss = 0);
