namespace HyperSearch.Contracts;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>
{
    /// <summary>The items, in the order that was asked for.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>What <c>cursor</c> takes for the next page; null on the last.</summary>
    public required string? NextCursor { get; init; }
}
