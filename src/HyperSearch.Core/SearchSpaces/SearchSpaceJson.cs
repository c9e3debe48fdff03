using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>
/// A space as JSON in the grammar of requests. The order of the domains is an array of names, because jsonb keeps no order
/// of keys.
/// </summary>
internal static class SearchSpaceJson
{
    /// <summary>Adds <c>search_space</c>, <c>parameter_order</c>, <c>parameter_types</c> and <c>constants</c> to an object.</summary>
    public static void Write(SearchSpace space, JsonObject json)
    {
        JsonObject domains = [];
        JsonArray order = [];
        JsonObject types = [];
        foreach (ParameterDomain domain in space.Domains)
        {
            string name = domain.Hyperparameter.Name;
            domains[name] = WriteDomain(domain);
            order.Add(name);
            types[name] = TypeOf(domain.Hyperparameter);
        }

        json["search_space"] = domains;
        json["parameter_order"] = order;
        json["parameter_types"] = types;
        json["constants"] = space.Constants.ToJson();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static SearchSpace Read(JsonElement json)
    {
        JsonElement domains = json.GetProperty("search_space");
        return new()
        {
            Domains = [.. json.GetProperty("parameter_order").EnumerateArray().Select(name => ReadDomain(Hyperparameter(name.GetString()!), domains.GetProperty(name.GetString()!)))],
            Constants = ParameterSet.FromJson(json.GetProperty("constants").GetRawText()),
        };
    }

    private static string TypeOf(Hyperparameter h) => h.Kind switch
    {
        HyperparameterKind.Real => "float",
        HyperparameterKind.Whole => "int",
        HyperparameterKind.Choice => "choice",
        _ => throw new InvalidOperationException($"Unknown kind {h.Kind}."),
    };

    private static Hyperparameter Hyperparameter(string name) =>
        HyperparameterCatalog.Find(name) ?? throw new JsonException($"There is no hyperparameter {name}.");

    private static JsonObject WriteDomain(ParameterDomain domain)
    {
        Hyperparameter h = domain.Hyperparameter;
        switch (domain)
        {
            case ParameterDomain.Listed list:
                return new() { ["values"] = new JsonArray([.. list.Values.Select(v => ParameterSet.Render(h, v))]) };
            case ParameterDomain.Ranged range:
                JsonObject json = new()
                {
                    ["min"] = ParameterSet.Render(h, range.Min),
                    ["max"] = ParameterSet.Render(h, range.Max),
                    ["scale"] = range.Log ? "log" : "linear",
                };
                AddIfGiven(json, "step", ParameterSet.Render(h, range.Step));
                AddIfGiven(json, "count", range.Count);
                return json;
            default:
                throw new InvalidOperationException($"Unknown domain {domain.GetType().Name}.");
        }
    }

    private static void AddIfGiven(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static ParameterDomain ReadDomain(Hyperparameter h, JsonElement json)
    {
        if (json.TryGetProperty("values", out JsonElement values))
        {
            return new ParameterDomain.Listed(h, [.. values.EnumerateArray().Select(v => ReadValue(h, v))]);
        }

        double? step = json.TryGetProperty("step", out JsonElement s) ? s.GetDouble() : null;
        int? count = json.TryGetProperty("count", out JsonElement c) ? c.GetInt32() : null;
        bool log = json.GetProperty("scale").GetString() == "log";
        return new ParameterDomain.Ranged(h, json.GetProperty("min").GetDouble(), json.GetProperty("max").GetDouble(), log, step, count);
    }

    private static double ReadValue(Hyperparameter h, JsonElement value) => value.ValueKind != JsonValueKind.String
        ? value.GetDouble()
        : h.Choices.IndexOf(value.GetString()!) is int index and >= 0 ? index : throw new JsonException($"{h} has no choice {value.GetString()}.");
}
