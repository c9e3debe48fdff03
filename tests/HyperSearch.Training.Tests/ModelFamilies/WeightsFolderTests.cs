using System.Text.Json;
using HyperSearch.Core.Trials;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies;

public sealed class WeightsFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_Shards_GivesTheTensorsOfAll()
    {
        WriteShards();

        using WeightsFolder weights = WeightsFolder.Open(_folder.Path);

        weights.Names.Order(StringComparer.Ordinal).ShouldBe(["a", "b", "c"]);
        Read(weights, "a").ShouldBe(1);
        Read(weights, "b").ShouldBe(2);
        Read(weights, "c").ShouldBe(3);
        weights.FileOf("c").ShouldBe(_folder["model-00002-of-00002.safetensors"]);
        using torch.Tensor target = torch.zeros(1);
        Should.Throw<TrainingException>(() => weights.CopyTo("d", target)).Message.ShouldContain("model.safetensors.index.json: tensor 'd' is missing");
    }

    [Fact]
    public void Hash_OfShards_ChangesWithEachOfThem()
    {
        WriteShards();
        string first = Hash();

        Write("model-00001-of-00002.safetensors", ("a", 1), ("b", 2.5f));
        string second = Hash();
        Write("model-00001-of-00002.safetensors", ("a", 1), ("b", 2));
        Write("model-00002-of-00002.safetensors", ("c", 4));
        string third = Hash();

        new[] { first, second, third }.Distinct().Count().ShouldBe(3);
        Write("model-00002-of-00002.safetensors", ("c", 3));
        Hash().ShouldBe(first);
    }

    [Fact]
    public void Open_SingleFileBesideAnIndex_IsPreferred()
    {
        WriteShards();
        Write(WeightsFolder.SingleFile, ("whole", 5));

        using WeightsFolder weights = WeightsFolder.Open(_folder.Path);

        weights.Names.ShouldBe(["whole"]);
    }

    public static TheoryData<string, string, string> Indexes => new()
    {
        { "no map", "{}", "weight_map must be there" },
        { "no object", "[]", "not a JSON object" },
        { "a list for a map", """{"weight_map": []}""", "weight_map must be an object" },
        { "a number for a file", """{"weight_map": {"a": 1}}""", "'a' must be in a file of this folder" },
        { "an empty name", """{"weight_map": {"a": ""}}""", "'a' must be in a file of this folder" },
        { "a path upwards", """{"weight_map": {"a": "../model-00001-of-00002.safetensors"}}""", "'a' must be in a file of this folder" },
        { "an absolute path", """{"weight_map": {"a": "/etc/passwd"}}""", "'a' must be in a file of this folder" },
        { "a path of another system", """{"weight_map": {"a": "..\\x.safetensors"}}""", "'a' must be in a file of this folder" },
        { "the folder itself", """{"weight_map": {"a": ".."}}""", ".." },
        { "one name twice", """{"weight_map": {"a": "x", "a": "y"}}""", "a" },
        { "a missing shard", """{"weight_map": {"a": "model-00003-of-00003.safetensors"}}""", "model-00003-of-00003.safetensors" },
        { "a pickle", """{"weight_map": {"a": "pytorch_model.bin"}}""", "save_file" },
        {
            "the wrong shard",
            """{"weight_map": {"a": "model-00002-of-00002.safetensors", "b": "model-00001-of-00002.safetensors", "c": "model-00002-of-00002.safetensors"}}""",
            "tensor 'a' is missing, which"
        },
        {
            "a tensor of no shard",
            """{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00001-of-00002.safetensors", "d": "model-00001-of-00002.safetensors"}}""",
            "tensor 'd' is missing, which"
        },
        { "a tensor of no name", """{"weight_map": {"a": "model-00001-of-00002.safetensors"}}""", "tensor 'b' is in a file, but not in weight_map" },
    };

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Open_HostileIndex_IsRefusedByName(string what, string index, string named)
    {
        WriteShards();
        File.WriteAllText(_folder[WeightsFolder.IndexFile], index);

        TrainingException exception = Should.Throw<TrainingException>(() => WeightsFolder.Open(_folder.Path), what);

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain(named);
        exception.Message.ShouldContain(_folder.Path);
    }

    [Fact]
    public void Open_OneTensorInTwoShards_IsRefused()
    {
        WriteShards();
        Write("model-00002-of-00002.safetensors", ("c", 3), ("a", 1));

        Should.Throw<TrainingException>(() => WeightsFolder.Open(_folder.Path)).Message.ShouldContain("tensor 'a' is in another file");
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model-00001-of-00002.bin")]
    [InlineData("resnet18.pth")]
    [InlineData("model.pt")]
    public void Open_OnlyAPickle_NamesTheWayOut(string name)
    {
        File.WriteAllBytes(_folder[name], [0x80, 2]);

        string message = Should.Throw<TrainingException>(() => WeightsFolder.Open(_folder.Path)).Message;

        message.ShouldContain(_folder[name]);
        message.ShouldContain("safetensors.torch.save_file");
    }

    [Fact]
    public void Open_Nothing_NamesTheMissingFile() =>
        Should.Throw<TrainingException>(() => WeightsFolder.Open(_folder.Path)).Message.ShouldContain(_folder[WeightsFolder.SingleFile]);

    public void Dispose() => _folder.Dispose();

    private static float Read(WeightsFolder weights, string name)
    {
        using torch.Tensor target = torch.zeros(1);
        weights.CopyTo(name, target);
        return target.item<float>();
    }

    private string Hash()
    {
        using WeightsFolder weights = WeightsFolder.Open(_folder.Path);
        return weights.Hash();
    }

    private void WriteShards()
    {
        Write("model-00001-of-00002.safetensors", ("a", 1), ("b", 2));
        Write("model-00002-of-00002.safetensors", ("c", 3));
        Dictionary<string, string> map = new()
        {
            ["a"] = "model-00001-of-00002.safetensors",
            ["b"] = "model-00001-of-00002.safetensors",
            ["c"] = "model-00002-of-00002.safetensors",
        };
        File.WriteAllText(_folder[WeightsFolder.IndexFile], JsonSerializer.Serialize(new { metadata = new { total_size = 12 }, weight_map = map }));
    }

    private void Write(string file, params (string Name, float Value)[] tensors)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(_folder[file], tensors.Select(t => KeyValuePair.Create(t.Name, torch.tensor([t.Value]))));
    }
}
