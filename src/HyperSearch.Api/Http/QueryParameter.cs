using System.Collections.Immutable;

namespace HyperSearch.Api.Http;

/// <summary>A query parameter that a route takes. The closed choices are the nested records.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it does, for the OpenAPI document.</param>
internal abstract record QueryParameter(string Name, string Meaning)
{
    /// <summary>Items of a page at most.</summary>
    public const int MostItems = 500;

    public static Text Cursor { get; } = new("cursor", "The next_cursor of the page before, with the same filters.", 2_000);

    /// <summary>A whole number in a range.</summary>
    public sealed record Whole(string Name, string Meaning, int Min, int Max, int Default) : QueryParameter(Name, Meaning);

    /// <summary>One of a list, or with <paramref name="Many"/> several of it with commas between.</summary>
    public sealed record Choice(string Name, string Meaning, ImmutableArray<string> Choices, string? Default, bool Many = false) : QueryParameter(Name, Meaning);

    /// <summary>A text; empty is as absent.</summary>
    public sealed record Text(string Name, string Meaning, int Longest) : QueryParameter(Name, Meaning);

    /// <summary>true or false; default false.</summary>
    public sealed record Flag(string Name, string Meaning) : QueryParameter(Name, Meaning);

    public static Whole Limit(int standard) => new("limit", "Items of a page at most.", 1, MostItems, standard);
}
