namespace HyperSearch.Contracts;

/// <summary>One bracket of a plan.</summary>
public sealed record PlanBracketResponse
{
    /// <summary>Its rungs, ascending; one without multi-fidelity, none where epochs are searched.</summary>
    public required IReadOnlyList<PlanRungResponse> Rungs { get; init; }
}
