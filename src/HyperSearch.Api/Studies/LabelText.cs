using System.Collections.Immutable;
using System.Text.Json;

namespace HyperSearch.Api.Studies;

/// <summary>Labels as the text that is stored and searched: every quotation mark inside is escaped, so a label is found as a piece of it.</summary>
internal static class LabelText
{
    public static string Of(IReadOnlyDictionary<string, string> labels) => JsonSerializer.Serialize(labels);

    public static ImmutableSortedDictionary<string, string> Read(string text) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(text)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The piece that the text of every study with that label has.</summary>
    public static string Piece(string key, string value) => $"{JsonSerializer.Serialize(key)}:{JsonSerializer.Serialize(value)}";
}
