namespace HyperSearch.Core.Leaderboards;

/// <summary>One run of a candidate in full.</summary>
/// <param name="Seed">Its training seed.</param>
/// <param name="Value">The objective's value; null if it diverged or failed.</param>
public sealed record ConfirmationRun(long Seed, double? Value);
