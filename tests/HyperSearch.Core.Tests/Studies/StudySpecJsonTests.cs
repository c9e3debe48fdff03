using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudySpecJsonTests
{
    private const string Full = """
        {"name": "a", "model": {"family": "convnet", "blocks": 5}, "dataset": {"name": "fashion-mnist", "max_train_examples": 100},
         "objective": {"metric": "val_accuracy", "summary": "last"}, "algorithm": {"name": "successive_halving", "sampler": "grid", "order": "shuffled", "max_epochs": 27},
         "search_space": {"weight_decay": {"min": 1e-6, "max": 0.1, "scale": "log", "count": 3}, "optimizer": ["sgd", "adamw"], "dropout": {"min": 0, "max": 0.3, "step": 0.1},
                          "batch_size": {"min": 16, "max": 18}, "momentum": 0.123456789012345678, "lr_schedule": "linear"},
         "max_trials": 9, "max_parallel": 2, "max_epochs_total": 9007199254740991, "max_device_seconds": 4.5, "max_duration_s": 5.5, "target": 0.1,
         "patience_trials": 6, "max_failed_trials": 0, "seed": 9007199254740991, "seed_mode": "per_trial", "baseline": false, "confirm": {"top": 3, "seeds": 7}, "augmentation": "light",
         "class_weights": "balanced", "max_grad_norm": 1.5, "keep_top": 2, "pool": "gpu", "priority": -3, "labels": {"team": "nlp"}, "description": "d", "notes": "n"}
        """;

    [Theory]
    [InlineData(Full)]
    [InlineData("""{"name": "a", "model": "synthetic"}""")]
    [InlineData("""{"name": "a", "model": {"family": "synthetic", "noise": 0.1}, "algorithm": "grid", "search_space": {}}""")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": "fashion-mnist-sample", "algorithm": "successive_halving"}""")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": "fashion-mnist-sample", "probe": true, "search_space": {"frozen_blocks": 2}}""")]
    [InlineData("""{"name": "a", "model": "synthetic", "algorithm": {"name": "random", "stopping": "median"}, "confirm": {"top": 1}}""")]
    [InlineData("""{"name": "a", "model": "synthetic", "algorithm": {"name": "asha", "reduction_factor": 2}}""")]
    [InlineData("""{"name": "a", "model": "synthetic", "algorithm": "hyperband"}""")]
    public void From_WrittenStudy_IsTheSame(string request)
    {
        StudySpec spec = Requests.Valid(request);
        StudySpec read = From(StudySpecJson.To(spec));
        // The lists inside compare by reference, so they are compared apart.
        (read with { Space = spec.Space, Labels = spec.Labels }).ShouldBe(spec);
        read.Labels.ShouldBe(spec.Labels);
        read.Space.Constants.ShouldBe(spec.Space.Constants);
        read.Space.Domains.Select(Show).ShouldBe(spec.Space.Domains.Select(Show));
        StudySpecJson.To(read).ToJsonString().ShouldBe(StudySpecJson.To(spec).ToJsonString());
    }

    [Fact]
    public void From_KeysInAnotherOrder_KeepsTheDeclaredOrder()
    {
        StudySpec spec = Requests.Valid(Full);
        JsonObject json = StudySpecJson.To(spec);
        JsonObject sorted = Sort(json);
        sorted["search_space"]!.AsObject().First().Key.ShouldBe("batch_size");
        From(sorted).Space.Domains.Select(d => d.Hyperparameter.Name).ShouldBe(["weight_decay", "optimizer", "dropout", "batch_size"]);
        StudySpecJson.To(From(sorted)).ToJsonString().ShouldBe(json.ToJsonString());
    }

    [Fact]
    public void To_Study_ShowsEveryDefaultAndType()
    {
        JsonObject json = StudySpecJson.To(Requests.Valid(Full));
        json["parameter_order"]!.ToJsonString().ShouldBe("""["weight_decay","optimizer","dropout","batch_size"]""");
        json["parameter_types"]!.ToJsonString().ShouldBe("""{"weight_decay":"float","optimizer":"choice","dropout":"float","batch_size":"int"}""");
        json["search_space"]!["batch_size"]!.ToJsonString().ShouldBe("""{"min":16,"max":18,"scale":"linear"}""");
        json["search_space"]!["optimizer"]!.ToJsonString().ShouldBe("""{"values":["sgd","adamw"]}""");
        json["algorithm"]!.ToJsonString().ShouldBe("""{"name":"successive_halving","sampler":"grid","reduction_factor":3,"min_epochs":1,"max_epochs":27,"order":"shuffled"}""");
        json["constants"]!["epochs"]!.GetValue<long>().ShouldBe(27);
        json["max_trials"]!.GetValue<int>().ShouldBe(9);
        foreach (string field in StudyFields.Known)
        {
            json.ContainsKey(field).ShouldBeTrue(field);
        }
    }

    [Theory]
    [InlineData("\"random\"", """{"name":"random","stopping":null}""")]
    [InlineData("\"asha\"", """{"name":"asha","sampler":"random","reduction_factor":3,"min_epochs":1,"max_epochs":9}""")]
    [InlineData("""{"name": "grid", "stopping": {"name": "median", "min_trials": 2}}""", """{"name":"grid","order":"declared","stopping":{"name":"median","grace_epochs":1,"min_trials":2}}""")]
    public void To_Algorithm_ShowsItsOptions(string algorithm, string expected) =>
        StudySpecJson.To(Requests.Valid(Requests.With($$""" "algorithm": {{algorithm}}, "search_space": {"batch_size": [1, 2]} """)))["algorithm"]!.ToJsonString().ShouldBe(expected);

    [Fact]
    public void From_StudyOfAnEarlierVersion_HasNoConfirmationAndNoProbe()
    {
        JsonObject json = StudySpecJson.To(Requests.Valid(Full));
        json["confirm"]!.ToJsonString().ShouldBe("""{"top":3,"seeds":7}""");
        json.Remove("confirm");
        json.Remove("probe");
        StudySpec read = From(json);
        (read.Confirm, read.Probe).ShouldBe((null, false));
    }

    [Fact]
    public void To_SearchSpace_IsARequestAgain()
    {
        StudySpec spec = Requests.Valid(Full);
        string again = $$"""{"name": "a", "model": "synthetic", "seed": 1, "algorithm": "grid", "search_space": {{StudySpecJson.To(spec)["search_space"]!.ToJsonString()}} }""";
        Requests.Valid(again).Space.Domains.Select(Show).ShouldBe(spec.Space.Domains.Select(Show));
    }

    [Fact]
    public void From_AnyRange_IsExact() => Gen.Select(Gen.Double[1e-9, 1], Gen.Double[1e-9, 1]).Sample((a, b) =>
    {
        StudySpec spec = Requests.Valid(Requests.With($$""" "search_space": {"learning_rate": {"min": {{JsonSerializer.Serialize(Math.Min(a, b))}}, "max": {{JsonSerializer.Serialize(Math.Max(a, b))}}, "scale": "log"} } """));
        ParameterDomain.Ranged range = (ParameterDomain.Ranged)From(StudySpecJson.To(spec)).Space.Domains[0];
        (range.Min, range.Max).ShouldBe((Math.Min(a, b), Math.Max(a, b)));
    }, iter: 200);

    [Theory]
    [InlineData("family")]
    [InlineData("choice")]
    [InlineData("missing")]
    public void From_Foreign_Throws(string what)
    {
        JsonObject json = StudySpecJson.To(Requests.Valid(Full));
        switch (what)
        {
            case "family":
                json["model"]!["family"] = "resnet";
                Should.Throw<JsonException>(() => From(json));
                break;
            case "choice":
                json["search_space"]!["optimizer"]!["values"]![0] = "lion";
                Should.Throw<JsonException>(() => From(json));
                break;
            default:
                json.Remove("seed");
                Should.Throw<KeyNotFoundException>(() => From(json));
                break;
        }
    }

    private static StudySpec From(JsonObject json)
    {
        using JsonDocument document = JsonDocument.Parse(json.ToJsonString());
        return StudySpecJson.From(document.RootElement);
    }

    private static string Show(ParameterDomain domain) => domain is ParameterDomain.Listed list ? $"{list.Hyperparameter}: {string.Join(' ', list.Values)}" : domain.ToString();

    private static JsonObject Sort(JsonObject json) =>
        new(json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value is JsonObject o ? Sort(o) : p.Value?.DeepClone())));
}
