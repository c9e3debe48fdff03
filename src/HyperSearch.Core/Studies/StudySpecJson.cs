using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>
/// A study as JSON: what is stored and what answers show as <c>resolved</c>. The fields are those of a request with every
/// default in its place, besides <c>parameter_order</c>, <c>parameter_types</c> (float, int, choice), <c>constants</c>
/// (the baseline's parameters and the value of everything that is not searched) and <c>space_exhausted</c>.
/// </summary>
public static class StudySpecJson
{
    /// <summary>The study as a JSON object in snake_case.</summary>
    /// <param name="spec">A valid study.</param>
    public static JsonObject To(StudySpec spec)
    {
        JsonObject json = new()
        {
            ["name"] = spec.Name,
            ["model"] = StudyPartsJson.Write(spec.Model),
            ["dataset"] = spec.Dataset is null ? null : StudyPartsJson.Write(spec.Dataset),
            ["objective"] = StudyPartsJson.Write(spec.Objective),
            ["algorithm"] = StudyPartsJson.Write(spec.Algorithm),
        };
        SearchSpaceJson.Write(spec.Space, json);
        WriteBudgets(spec, json);
        WriteRest(spec, json);
        return json;
    }

    /// <summary>Reads what <see cref="To"/> wrote, from any store that keeps numbers exactly; the order of keys does not matter.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="JsonException">An unknown family, hyperparameter or choice.</exception>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="InvalidOperationException">A field of another type.</exception>
    public static StudySpec From(JsonElement json)
    {
        StudySpec spec = new()
        {
            Name = Text(json, "name")!,
            Model = StudyPartsJson.ReadModel(json.GetProperty("model")),
            Dataset = IsNull(json, "dataset") ? null : StudyPartsJson.ReadDataset(json.GetProperty("dataset")),
            Objective = StudyPartsJson.ReadObjective(json.GetProperty("objective")),
            Algorithm = StudyPartsJson.ReadAlgorithm(json.GetProperty("algorithm")),
            Space = SearchSpaceJson.Read(json),
            Trials = Int(json, "max_trials")!.Value,
            MaxFailedTrials = Int(json, "max_failed_trials")!.Value,
            Seed = json.GetProperty("seed").GetInt64(),
        };
        return ReadRest(ReadBudgets(spec, json), json);
    }

    private static void WriteBudgets(StudySpec spec, JsonObject json)
    {
        json["max_trials"] = spec.Trials;
        json["space_exhausted"] = spec.SpaceExhausted;
        json["max_parallel"] = spec.MaxParallel;
        json["max_epochs_total"] = spec.MaxEpochsTotal;
        json["max_device_seconds"] = spec.MaxDeviceSeconds;
        json["max_duration_s"] = spec.MaxDurationS;
        json["target"] = spec.Target;
        json["patience_trials"] = spec.PatienceTrials;
        json["max_failed_trials"] = spec.MaxFailedTrials;
    }

    private static StudySpec ReadBudgets(StudySpec spec, JsonElement json) => spec with
    {
        SpaceExhausted = json.GetProperty("space_exhausted").GetBoolean(),
        MaxParallel = Int(json, "max_parallel"),
        MaxEpochsTotal = IsNull(json, "max_epochs_total") ? null : json.GetProperty("max_epochs_total").GetInt64(),
        MaxDeviceSeconds = Number(json, "max_device_seconds"),
        MaxDurationS = Number(json, "max_duration_s"),
        Target = Number(json, "target"),
        PatienceTrials = Int(json, "patience_trials"),
    };

    private static void WriteRest(StudySpec spec, JsonObject json)
    {
        json["seed"] = spec.Seed;
        json["seed_mode"] = spec.SeedPerTrial ? "per_trial" : "shared";
        json["baseline"] = spec.Baseline;
        json["confirm"] = spec.Confirm is { } confirm ? StudyPartsJson.Write(confirm) : null;
        json["precision"] = spec.Precision;
        json["augmentation"] = spec.Augmentation;
        json["class_weights"] = spec.ClassWeights;
        json["early_stopping_patience"] = spec.EarlyStoppingPatience;
        json["max_grad_norm"] = spec.MaxGradNorm;
        json["keep_top"] = spec.KeepTop;
        json["probe"] = spec.Probe;
        json["pool"] = spec.Pool;
        json["priority"] = spec.Priority;
        json["labels"] = new JsonObject(spec.Labels.Select(l => KeyValuePair.Create<string, JsonNode?>(l.Key, l.Value)));
        json["description"] = spec.Description;
        json["notes"] = spec.Notes;
    }

    private static StudySpec ReadRest(StudySpec spec, JsonElement json) => spec with
    {
        SeedPerTrial = Text(json, "seed_mode") == "per_trial",
        Baseline = json.GetProperty("baseline").GetBoolean(),
        Confirm = json.TryGetProperty("confirm", out JsonElement confirm) && confirm.ValueKind != JsonValueKind.Null ? StudyPartsJson.ReadConfirm(confirm) : null,
        Precision = Text(json, "precision")!,
        Augmentation = Text(json, "augmentation")!,
        ClassWeights = Text(json, "class_weights")!,
        EarlyStoppingPatience = Int(json, "early_stopping_patience")!.Value,
        MaxGradNorm = Number(json, "max_grad_norm")!.Value,
        KeepTop = Int(json, "keep_top")!.Value,
        Probe = json.TryGetProperty("probe", out JsonElement probe) && probe.GetBoolean(),
        Pool = Text(json, "pool")!,
        Priority = Int(json, "priority")!.Value,
        Labels = json.GetProperty("labels").EnumerateObject()
            .ToImmutableSortedDictionary(l => l.Name, l => l.Value.GetString()!, StringComparer.Ordinal),
        Description = Text(json, "description"),
        Notes = Text(json, "notes"),
    };

    private static bool IsNull(JsonElement json, string name) => json.GetProperty(name).ValueKind == JsonValueKind.Null;

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int? Int(JsonElement json, string name) => IsNull(json, name) ? null : json.GetProperty(name).GetInt32();

    private static double? Number(JsonElement json, string name) => IsNull(json, name) ? null : json.GetProperty(name).GetDouble();
}
