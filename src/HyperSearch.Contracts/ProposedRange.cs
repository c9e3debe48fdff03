namespace HyperSearch.Contracts;

/// <summary>A range that is proposed for a search space; nothing is changed by it.</summary>
public sealed record ProposedRange
{
    /// <summary>The least.</summary>
    public required int Min { get; init; }

    /// <summary>The most.</summary>
    public required int Max { get; init; }
}
