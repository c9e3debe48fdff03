using System.Text.Json;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class CatalogTests
{
    [Fact]
    public void BuiltIn_Names_AreTheSamples()
    {
        Catalog.BuiltIn.Models.Select(m => $"{m.Name} {m.Family.Name} {m.Location}").ShouldBe(["convnet convnet samples:convnet", "synthetic synthetic "]);
        Catalog.BuiltIn.Datasets.Select(d => $"{d.Name} {d.Location} {d.Format} {d.Classes}").ShouldBe(
            ["fashion-mnist-sample samples:fashion-mnist-sample idx 10", "fashion-mnist /usr/share/datasets/fashion-mnist idx 10"]);
        Catalog.BuiltIn.Roots.ShouldBeEmpty();
    }

    [Fact]
    public void Parse_File_AddsAndReplaces()
    {
        Catalog catalog = Parse("""
            {"models": [{"name": "ours", "family": "convnet", "blocks": 6, "location": "/models/./a/../ours/"}],
             "datasets": [{"name": "fashion-mnist", "location": "/data/fm", "classes": 10}, {"name": "d", "location": "/data/d", "format": "idx"}], "roots": ["/data"]}
            """);
        catalog.FindModel("ours")!.Family.Blocks.ShouldBe(6);
        catalog.FindModel("ours")!.Location.ShouldBe("/models/ours");
        catalog.FindModel("convnet").ShouldNotBeNull();
        catalog.FindDataset("fashion-mnist")!.Location.ShouldBe("/data/fm");
        catalog.Datasets.Length.ShouldBe(3);
        catalog.FindDataset("d")!.Classes.ShouldBeNull();
        catalog.Roots.ShouldBe(["/data"]);
        Parse("{}").Models.ShouldBe(Catalog.BuiltIn.Models);
    }

    [Theory]
    [InlineData("bert", 13)]
    [InlineData("mobilenet_v2", 19)]
    [InlineData("resnet18", 5)]
    [InlineData("resnet34", 5)]
    [InlineData("resnet50", 5)]
    public void Parse_ModelOfEachFamily_HasItsBlocks(string family, int blocks) =>
        Parse($$"""{"models": [{"name": "ours", "family": "{{family}}", "location": "/models/ours"}]}""").FindModel("ours")!.Family.Blocks.ShouldBe(blocks);

    [Theory]
    [InlineData("[]", "Must be an object")]
    [InlineData("""{"model": []}""", "/model: There is no field \"model\" here. Did you mean \"models\"?")]
    [InlineData("""{"models": {}}""", "/models: Must be an array")]
    [InlineData("""{"models": [3]}""", "/models/0: Must be an object")]
    [InlineData("""{"models": [{"name": "x"}]}""", "/models/0/family: A model needs its family")]
    [InlineData("""{"models": [{"name": "x", "family": "synthetic"}]}""", "/models/0/family: \"synthetic\" is not accepted")]
    [InlineData("""{"models": [{"name": "synthetic", "family": "convnet"}]}""", "/models/0/name: The name synthetic is taken")]
    [InlineData("""{"models": [{"name": "x", "family": "convnet"}, {"name": "x", "family": "convnet"}]}""", "/models/1/name: The name \"x\" is there already")]
    [InlineData("""{"models": [{"name": "x", "family": "convnet", "location": "a/b"}]}""", "/models/0/location: \"a/b\" is neither")]
    [InlineData("""{"datasets": [{"location": "/a"}]}""", "/datasets/0/name: An entry needs a name")]
    [InlineData("""{"datasets": [{"name": "x"}]}""", "/datasets/0/location: A dataset needs its location")]
    [InlineData("""{"datasets": [{"name": "x y", "location": "/a"}]}""", "/datasets/0/name: A name has")]
    [InlineData("""{"datasets": [{"name": "x", "location": "/a", "format": "parquet"}]}""", "/datasets/0/format: This version does not have")]
    [InlineData("""{"datasets": [{"name": "x", "location": "/a", "format": "csv", "label_column": 3}]}""", "/datasets/0/label_column: Must be a text")]
    [InlineData("""{"datasets": [{"name": "x", "location": "/a", "split": "test"}]}""", "/datasets/0/split: The split test is kept")]
    [InlineData("""{"datasets": [{"name": "x", "location": "/a", "classes": 1}]}""", "/datasets/0/classes: Must be 2 to")]
    [InlineData("""{"roots": ["data"]}""", "/roots/0: \"data\" is not an absolute path")]
    [InlineData("""{"roots": [1]}""", "/roots/0: Must be a path")]
    public void Parse_Mistake_IsNamed(string json, string message) => Should.Throw<JsonException>(() => Parse(json)).Message.ShouldContain(message);

    [Theory]
    [InlineData("/data/x", "/data/x")]
    [InlineData("/data//x/./y/../", "/data/x")]
    [InlineData("/data", "/data")]
    [InlineData("/data/../etc", null)]
    [InlineData("/data/../../etc", null)]
    [InlineData("/database", null)]
    [InlineData("/data\\..\\x", null)]
    [InlineData("data/x", null)]
    [InlineData("C:\\sets\\a", "C:/sets/a")]
    [InlineData("C:\\sets\\..\\x", null)]
    [InlineData("samples:convnet", null)]
    public void Validate_DatasetPath_MustLieUnderARoot(string path, string? expected)
    {
        Catalog catalog = Parse("""{"roots": ["/data/", "C:\\sets"]}""");
        StudyValidation validation = Requests.Validate(
            $$"""{"name": "a", "model": "convnet", "dataset": {"path": {{JsonSerializer.Serialize(path)}}, "max_train_examples": 100}, "seed": 1}""", catalog);
        validation.Spec?.Dataset?.Location.ShouldBe(expected);
        validation.Errors.Select(e => (e.Pointer, e.Code)).ShouldBe(expected is null ? [("/dataset/path", ErrorCode.NotAccepted)] : []);
    }

    [Fact]
    public void Validate_WeightsOfTheCatalogue_NeedNoRoot()
    {
        StudySpec spec = Requests.Valid("""{"name": "a", "model": {"family": "convnet", "weights": "samples:convnet"}, "dataset": {"name": "fashion-mnist", "max_train_examples": 9}}""");
        spec.Model.Weights.ShouldBe("samples:convnet");
        spec.Model.Name.ShouldBeNull();
        spec.Dataset!.MaxTrainExamples.ShouldBe(9);
        Requests.Valid("""{"name": "a", "model": {"family": "convnet"}, "dataset": "fashion-mnist"}""").Model.Weights.ShouldBeNull();
    }

    private static Catalog Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Catalog.Parse(document.RootElement);
    }
}
