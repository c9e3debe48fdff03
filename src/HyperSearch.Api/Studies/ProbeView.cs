using HyperSearch.Contracts;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

/// <summary>What the similarity probe of a study looks like from outside.</summary>
internal static class ProbeView
{
    public static ProbeResponse? Of(Study study) => StudyRules.Probe(study) is not { } probe ? null : new ProbeResponse
    {
        Metric = "balanced_accuracy",
        Scores = [.. probe.Scores.Depths.Select(d => new ProbeScoreResponse { Blocks = d.Blocks, Value = d.Value, StandardError = d.StandardError })],
        SeparatesAt = probe.Proposal.SeparatesAt,
        ProposedFrozenBlocks = new() { Min = probe.Proposal.Min, Max = probe.Proposal.Max },
        Examples = probe.Scores.Examples,
        HeldOut = probe.Scores.HeldOut,
    };

    /// <summary>Why there is no probe; null where there is one or none was asked for.</summary>
    public static string? NoteOf(Study study) => study switch
    {
        { Probe: not null } => null,
        { ProbeMissing: { } why } => why,
        { Probing: true } => "The search waits for its probe.",
        _ => null,
    };
}
