namespace HyperSearch.Benchmarks;

/// <summary>What the rules are asked.</summary>
internal enum DecisionKind
{
    /// <summary>A free slot: what starts next, and its assignment.</summary>
    Offer,

    /// <summary>The report of an epoch.</summary>
    Report,

    /// <summary>The end of a segment.</summary>
    End,
}
