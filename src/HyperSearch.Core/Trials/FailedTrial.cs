namespace HyperSearch.Core.Trials;

/// <summary>A trial that failed on a worker.</summary>
/// <param name="StudyId">The study.</param>
/// <param name="Number">The trial's number.</param>
public sealed record FailedTrial(string StudyId, int Number);
