using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Core.Studies;

/// <summary>Model, dataset, objective, algorithm and confirmation of a study as JSON.</summary>
internal static class StudyPartsJson
{
    public static JsonObject Write(StudyModel model)
    {
        JsonObject json = new() { ["name"] = model.Name, ["family"] = model.Family.Name, ["blocks"] = model.Family.Blocks };
        if (model.Synthetic is not { } options)
        {
            json["weights"] = model.Weights;
            return json;
        }

        json["epoch_ms"] = options.EpochMs;
        json["failure_rate"] = options.FailureRate;
        json["divergence_rate"] = options.DivergenceRate;
        json["noise"] = options.Noise;
        json["crossing"] = options.Crossing;
        return json;
    }

    public static StudyModel ReadModel(JsonElement json)
    {
        string name = json.GetProperty("family").GetString()!;
        ModelFamily family = ModelFamilyCatalog.Find(name) ?? throw new JsonException($"There is no model family {name}.");
        bool synthetic = json.TryGetProperty("epoch_ms", out _);
        return new()
        {
            Name = json.GetProperty("name").GetString(),
            Family = family with { Blocks = json.GetProperty("blocks").GetInt32() },
            Weights = synthetic ? null : json.GetProperty("weights").GetString(),
            Synthetic = synthetic ? ReadSynthetic(json) : null,
        };
    }

    public static JsonObject Write(StudyDataset dataset)
    {
        JsonObject json = new()
        {
            ["name"] = dataset.Name,
            ["path"] = dataset.Location,
            ["format"] = dataset.Format,
            ["classes"] = dataset.Classes,
            ["max_train_examples"] = dataset.MaxTrainExamples,
        };

        // Which default holds for the rest is decided by the data, which only workers see.
        DatasetOptions options = dataset.Options;
        (string Name, JsonNode? Value)[] given =
        [
            ("split", options.Split), ("text_column", options.TextColumn), ("text_pair_column", options.TextPairColumn),
            ("label_column", options.LabelColumn), ("group_column", options.GroupColumn), ("max_length", options.MaxLength), ("image_size", options.ImageSize),
        ];
        foreach ((string name, JsonNode? value) in given.Where(g => g.Value is not null))
        {
            json[name] = value;
        }

        return json;
    }

    public static StudyDataset ReadDataset(JsonElement json) => new()
    {
        Name = json.GetProperty("name").GetString(),
        Location = json.GetProperty("path").GetString()!,
        Format = json.GetProperty("format").GetString()!,
        Classes = Int(json, "classes"),
        MaxTrainExamples = Int(json, "max_train_examples"),
        Options = new()
        {
            Split = Optional(json, "split")?.GetString(),
            TextColumn = Optional(json, "text_column")?.GetString(),
            TextPairColumn = Optional(json, "text_pair_column")?.GetString(),
            LabelColumn = Optional(json, "label_column")?.GetString(),
            GroupColumn = Optional(json, "group_column")?.GetString(),
            MaxLength = Optional(json, "max_length")?.GetInt32(),
            ImageSize = Optional(json, "image_size")?.GetInt32(),
        },
    };

    public static JsonObject Write(Objective objective) => new()
    {
        ["metric"] = objective.Metric,
        ["goal"] = objective.Maximize ? "maximize" : "minimize",
        ["summary"] = objective.BestEpoch ? "best" : "last",
    };

    public static Objective ReadObjective(JsonElement json) => new()
    {
        Metric = json.GetProperty("metric").GetString()!,
        Maximize = json.GetProperty("goal").GetString() == "maximize",
        BestEpoch = json.GetProperty("summary").GetString() == "best",
    };

    public static JsonObject Write(StudyAlgorithm algorithm)
    {
        JsonObject json = new() { ["name"] = algorithm.Name };
        if (algorithm.IsMultiFidelity)
        {
            json["sampler"] = algorithm.Sampler;
            json["reduction_factor"] = algorithm.ReductionFactor;
            json["min_epochs"] = algorithm.MinEpochs;
            json["max_epochs"] = algorithm.MaxEpochs;
        }

        if (algorithm.Sampler == Samplers.SamplerCatalog.Grid)
        {
            json["order"] = algorithm.Shuffled ? "shuffled" : "declared";
        }

        if (AlgorithmCatalog.Samplers.Contains(algorithm.Name))
        {
            json["stopping"] = algorithm.Stopping is { } stopping ? Write(stopping) : null;
        }

        return json;
    }

    public static StudyAlgorithm ReadAlgorithm(JsonElement json)
    {
        string name = json.GetProperty("name").GetString()!;
        bool rungs = json.TryGetProperty("min_epochs", out _);
        return new()
        {
            Name = name,
            Sampler = rungs ? json.GetProperty("sampler").GetString()! : name,
            Stopping = json.TryGetProperty("stopping", out JsonElement stopping) && stopping.ValueKind != JsonValueKind.Null ? ReadStopping(stopping) : null,
            Shuffled = json.TryGetProperty("order", out JsonElement order) && order.GetString() == "shuffled",
            ReductionFactor = rungs ? Int(json, "reduction_factor") : null,
            MinEpochs = rungs ? Int(json, "min_epochs") : null,
            MaxEpochs = rungs ? Int(json, "max_epochs") : null,
        };
    }

    public static JsonObject Write(StudyConfirm confirm) => new() { ["top"] = confirm.Top, ["seeds"] = confirm.Seeds };

    public static StudyConfirm ReadConfirm(JsonElement json) => new(json.GetProperty("top").GetInt32(), json.GetProperty("seeds").GetInt32());

    private static JsonObject Write(MedianStopping stopping) => new()
    {
        ["name"] = StoppingReader.Median,
        ["grace_epochs"] = stopping.GraceEpochs,
        ["min_trials"] = stopping.MinTrials,
    };

    private static MedianStopping ReadStopping(JsonElement json) => new()
    {
        GraceEpochs = json.GetProperty("grace_epochs").GetInt32(),
        MinTrials = json.GetProperty("min_trials").GetInt32(),
    };

    private static SyntheticOptions ReadSynthetic(JsonElement json) => new()
    {
        EpochMs = json.GetProperty("epoch_ms").GetDouble(),
        FailureRate = json.GetProperty("failure_rate").GetDouble(),
        DivergenceRate = json.GetProperty("divergence_rate").GetDouble(),
        Noise = json.GetProperty("noise").GetDouble(),
        Crossing = json.GetProperty("crossing").GetDouble(),
    };

    private static JsonElement? Optional(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value : null;

    private static int? Int(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetInt32() : null;
}
