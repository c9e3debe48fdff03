namespace HyperSearch.Core.Studies;

/// <summary>How far the epochs of a plan can be relied on; on the wire in snake_case.</summary>
public enum TotalEpochsKind
{
    /// <summary>What runs when no trial fails or diverges.</summary>
    Exact,

    /// <summary>It may be fewer.</summary>
    UpperBound,

    /// <summary>It may be more.</summary>
    LowerBound,
}
