using System.Collections.Immutable;
using System.Text.Json;

namespace HyperSearch.Api.Http;

/// <summary>States and kinds as they are written on the wire.</summary>
internal static class SnakeCase
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static string? Of<T>(T? value)
        where T : struct, Enum => value is { } v ? Of(v) : null;

    public static ImmutableArray<string> All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    /// <summary>The values of names that are known to be such.</summary>
    public static T[] Parse<T>(IEnumerable<string> names)
        where T : struct, Enum => [.. names.Select(name => Array.Find(Enum.GetValues<T>(), v => Of(v) == name))];
}
