namespace HyperSearch.Core.Studies;

/// <summary>What a probe measured.</summary>
/// <param name="Depths">One score for each depth, from the first block to the last.</param>
/// <param name="Examples">Training examples that were used.</param>
/// <param name="HeldOut">Those of them that were scored, each by a classifier that was not fitted on it.</param>
public sealed record ProbeScores(IReadOnlyList<DepthScore> Depths, int Examples, int HeldOut);
