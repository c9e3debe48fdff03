using HyperSearch.Core.Studies;

namespace HyperSearch.Training.SimilarityProbe;

/// <summary>What a probe came to; one of the two is there.</summary>
/// <param name="Scores">A score for each depth.</param>
/// <param name="Missing">Why there are none.</param>
public sealed record ProbeAnswer(ProbeScores? Scores, string? Missing);
