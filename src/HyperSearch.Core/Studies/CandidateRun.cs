namespace HyperSearch.Core.Studies;

/// <summary>How one run of the confirmation ended.</summary>
/// <param name="Number">The run's own number.</param>
/// <param name="Confirms">The trial that it confirms.</param>
/// <param name="Seed">Its training seed.</param>
/// <param name="Value">The objective's value; null if it diverged, failed or was cancelled.</param>
/// <param name="ValidationExamples">Examples that the value was measured on; null where that is not known.</param>
public sealed record CandidateRun(int Number, int Confirms, long Seed, double? Value, int? ValidationExamples = null);
