using System.Text.Json.Nodes;

namespace HyperSearch.Api.Tests.OpenApi;

/// <summary>Compares what two JSON values are made of, not what they say.</summary>
internal static class JsonShape
{
    // What a request or a rule decides the members of.
    private static readonly string[] free = ["spec", "resolved", "parameters", "input", "decisions", "search_space", "labels", "defaults", "default", "search", "multi_fidelity_search_space"];

    /// <summary>The paths at which they differ.</summary>
    public static IEnumerable<string> Differences(JsonNode? one, JsonNode? other, string path = "")
    {
        switch (one, other)
        {
            case (JsonObject a, JsonObject b):
                IEnumerable<string> names = a.Select(m => m.Key);
                return names.Except(b.Select(m => m.Key)).Concat(b.Select(m => m.Key).Except(names)).Select(n => $"{path}/{n}")
                    .Concat(names.Intersect(b.Select(m => m.Key)).Except(free).SelectMany(n => Differences(a[n], b[n], $"{path}/{n}")));
            case (JsonArray a, JsonArray b):
                return a.Count > 0 && b.Count > 0 ? Differences(a[0], b[0], $"{path}/0") : [];
            case (null, _) or (_, null):
                return [];
            default:
                return one.GetValueKind() == other.GetValueKind() || (IsFlag(one) && IsFlag(other)) ? [] : [path];
        }
    }

    private static bool IsFlag(JsonNode node) => node.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False;
}
