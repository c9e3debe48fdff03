namespace HyperSearch.Core.Studies;

/// <summary>A probe that has ended.</summary>
/// <param name="Scores">What it measured.</param>
/// <param name="Proposal">What follows from that.</param>
public sealed record ProbeResult(ProbeScores Scores, FreezingProposal Proposal);
