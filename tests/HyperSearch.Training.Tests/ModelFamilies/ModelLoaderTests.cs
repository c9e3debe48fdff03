using System.Text.Json.Nodes;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies;

public sealed class ModelLoaderTests : TrialFixture
{
    [Fact]
    public void Train_EqualLabelMap_KeepsTheHead()
    {
        string weights = InitialWeights(Plain);
        TrainingRequest request = Request(Plain.With(Core.Hyperparameters.HyperparameterCatalog.LearningRate, 1e-30)) with { WeightsFolder = weights, Seed = 1234 };

        (TrainingResult result, RecordingObserver observer) = Train(request);

        observer.Facts!.HeadKept.ShouldBeTrue();
        Exported(result.Checkpoint!, "head.weight").ShouldBe(Values(Path.Combine(weights, "model.safetensors"), "head.weight"));
    }

    [Fact]
    public void Train_OtherLabelMap_MakesTheHeadAnewFromTheSeed()
    {
        string weights = InitialWeights(Plain);
        File.WriteAllText(Path.Combine(Dataset, "labels.txt"), "x\ny\nz\n");
        TrainingRequest request = Request(Plain.With(Core.Hyperparameters.HyperparameterCatalog.LearningRate, 1e-30)) with { WeightsFolder = weights };

        (TrainingResult result, RecordingObserver observer) = Train(request);
        CheckpointFolder otherSeed = Checkpoint(request with { CheckpointRoot = NewRoot(), Seed = 8 });

        observer.Facts!.HeadKept.ShouldBeFalse();
        Exported(otherSeed, "head.weight").ShouldNotBe(Exported(result.Checkpoint!, "head.weight"));
        Exported(otherSeed, "blocks.3.conv.weight").ShouldBe(Exported(result.Checkpoint!, "blocks.3.conv.weight"));
        ModelLoader.ReadConfig(ModelFamilyCatalog.Convnet, Path.Combine(result.Checkpoint!.Path, "best")).Labels.ShouldBe(["x", "y", "z"]);
    }

    [Fact]
    public void Train_EqualLabelMapWithoutTheHeadsTensors_MakesTheHeadAnew()
    {
        string weights = InitialWeights(Plain);
        using (TrainableModel model = ModelLoader.AsExported(ModelFamilyCatalog.Convnet, weights, torch.CPU))
        {
            SafetensorsWriter.Write(Path.Combine(weights, "model.safetensors"),
                model.Layout.Specs.Where(s => s.Block < model.Blocks).Select(s => KeyValuePair.Create(s.Name, model[s.Name])));
        }

        (TrainingResult result, RecordingObserver observer) = Train(Request(Plain) with { WeightsFolder = weights });

        observer.Facts!.HeadKept.ShouldBeFalse();
        Exported(result.Checkpoint!, "head.weight").ShouldContain(v => v != 0);
        Should.Throw<TrainingException>(() => ModelLoader.AsExported(ModelFamilyCatalog.Convnet, weights, torch.CPU)).Message.ShouldContain("'head.");
    }

    [Fact]
    public void Train_FromShards_EndsWithTheBytesOfTheSingleFile()
    {
        string weights = InitialWeights(Plain);
        CheckpointFolder single = Checkpoint(Request(Plain) with { WeightsFolder = weights });
        using (TrainableModel model = ModelLoader.AsExported(ModelFamilyCatalog.Convnet, weights, torch.CPU))
        {
            JsonObject map = [];
            for (int shard = 0; shard < 2; shard++)
            {
                TensorSpec[] part = [.. model.Layout.Specs.Where((_, i) => i % 2 == shard)];
                SafetensorsWriter.Write(Path.Combine(weights, $"model-{shard}.safetensors"), part.Select(s => KeyValuePair.Create(s.Name, model[s.Name])));
                Array.ForEach(part, s => map[s.Name] = $"model-{shard}.safetensors");
            }

            File.WriteAllText(Path.Combine(weights, WeightsFolder.IndexFile), new JsonObject { ["weight_map"] = map }.ToJsonString());
            File.Delete(Path.Combine(weights, WeightsFolder.SingleFile));
        }

        (TrainingResult result, RecordingObserver observer) = Train(Request(Plain) with { WeightsFolder = weights });

        observer.Facts!.HeadKept.ShouldBeTrue();
        File.ReadAllBytes(Path.Combine(result.Checkpoint!.Path, "best", WeightsFolder.SingleFile))
            .ShouldBe(File.ReadAllBytes(Path.Combine(single.Path, "best", WeightsFolder.SingleFile)));
        State(result.Checkpoint!).BaseWeights.ShouldNotBe(State(single).BaseWeights);
    }

    [Fact]
    public void Load_CountersOfBatchNorm_AreIgnoredOnPurpose()
    {
        string weights = InitialWeights(Plain);
        using TrainableModel model = ModelLoader.AsExported(ModelFamilyCatalog.Convnet, weights, torch.CPU);
        SafetensorsWriter.Write(Path.Combine(weights, "model.safetensors"),
            model.Layout.Specs.Select(s => KeyValuePair.Create(s.Name, model[s.Name])).Append(new("blocks.0.norm.num_batches_tracked", model.Buffers)));

        ModelLoader.AsExported(ModelFamilyCatalog.Convnet, weights, torch.CPU).Dispose();
    }

    public static TheoryData<string, Action<string>> Damages => new()
    {
        { "config.json", f => File.Delete(Path.Combine(f, "config.json")) },
        { "config.json", f => File.WriteAllText(Path.Combine(f, "config.json"), "{") },
        { "config.json", f => File.WriteAllText(Path.Combine(f, "config.json"), "[]") },
        { "config.json", f => File.WriteAllText(Path.Combine(f, "config.json"), "{}") },
        { "config.json", f => Replace(f, "\"convnet\"", "\"resnet18\"") },
        { "config.json", f => Replace(f, "\"num_channels\": 1", "\"num_channels\": 1e99") },
        { "config.json", f => Replace(f, "\"num_channels\": 1", "\"num_channels\": 3") },
        { "config.json", f => Replace(f, "\"image_size\": 16", "\"image_size\": 4") },
        { "config.json", f => Replace(f, "\"0\": \"0\"", "\"7\": \"0\"") },
        { "model.safetensors", f => File.Delete(Path.Combine(f, "model.safetensors")) },
        { "model.safetensors", f => Replace(f, "64,\n    64", "64,\n    65") },
        { "model.safetensors", f => File.WriteAllBytes(Path.Combine(f, "model.safetensors"), File.ReadAllBytes(Path.Combine(f, "model.safetensors"))[..^9]) },
        { "pytorch_model.bin", f => File.Move(Path.Combine(f, "model.safetensors"), Path.Combine(f, "pytorch_model.bin")) },
        { "model.safetensors.index.json", f => File.Move(Path.Combine(f, "model.safetensors"), Path.Combine(f, "model.safetensors.index.json")) },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Train_MissingOrDamagedWeights_IsADatasetErrorThatNamesTheFile(string file, Action<string> damage)
    {
        string weights = InitialWeights(Plain);
        damage(weights);

        TrainingException exception = Should.Throw<TrainingException>(() => Train(Request(Plain) with { WeightsFolder = weights }));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain(Path.Combine(weights, file));
    }

    private static void Replace(string folder, string old, string fresh)
    {
        string path = Path.Combine(folder, "config.json"), text = File.ReadAllText(path);
        text.ShouldContain(old);
        File.WriteAllText(path, text.Replace(old, fresh, StringComparison.Ordinal));
    }
}
