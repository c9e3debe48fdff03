namespace HyperSearch.Contracts;

/// <summary>One thing that is wrong with a request.</summary>
public sealed record ErrorResponse
{
    /// <summary>Where: a JSON pointer into the body, <c>?name</c> for a query parameter, or the name of a header.</summary>
    public required string Pointer { get; init; }

    /// <summary>A slug.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong and what would be right, for people.</summary>
    public required string Detail { get; init; }
}
