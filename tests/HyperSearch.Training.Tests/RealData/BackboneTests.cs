using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.Tests.RealData;

/// <summary>A MobileNetV2 that others trained on photographs, with folded norms and TensorFlow's padding.</summary>
[Trait("Category", "Fetched")]
public sealed class BackboneTests : TrialFixture
{
    private const int Side = 64;
    private const double Tolerance = 5e-5;

    private static readonly ModelFamily Family = ModelFamilyCatalog.MobileNetV2;

    [Fact]
    public void Features_OfConvertedWeights_AgreeWithTensorFlow()
    {
        float[][] expected = JsonSerializer.Deserialize<float[][]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "RealData", "backbone-features.json")))!;
        string weights = FetchedData.Folder("mobilenet-v2-backbone");
        using TrainableModel model = ModelLoader.ForTraining(Family, weights, Decoded.Get(Dataset, "idx"), 1, torch.CPU).Model;
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();

        torch.Tensor features = model.Features(Images(), 0, model.Blocks, Images(), ForwardMode.Evaluation);

        expected.Sum(image => image.Count(f => f > 1)).ShouldBeGreaterThan(100);
        float[] all = [.. features.data<float>()];
        all.Zip(expected.SelectMany(f => f)).Max(f => Math.Abs(f.First - f.Second)).ShouldBeLessThan((float)Tolerance);
    }

    [Fact]
    public void Train_HeadAlone_BeatsTheSameNetWithRandomWeightsByFar()
    {
        string weights = FetchedData.Folder("mobilenet-v2-backbone"), data = FetchedData.Folder("fashion-mnist-640");

        double pretrained = HeadAlone(weights, data), random = HeadAlone(Random(weights), data);

        pretrained.ShouldBeGreaterThan(0.6);
        pretrained.ShouldBeGreaterThan(random + 0.1);
    }

    private double HeadAlone(string weights, string data)
    {
        ParameterSet parameters = Family.Defaults.With(HyperparameterCatalog.FrozenBlocks, Family.Blocks).With(HyperparameterCatalog.LearningRate, 3e-3);
        RecordingObserver observer = Train(Request(parameters) with
        {
            Family = Family,
            WeightsFolder = weights,
            Dataset = Data(data, options: new() { ImageSize = Side }),
        }).Observer;
        return observer.Reports[^1].ValAccuracy!.Value;
    }

    private string Random(string weights)
    {
        string folder = Directory.CreateDirectory(Folder["random"]).FullName;
        File.Copy(Path.Combine(weights, ModelConfig.FileName), Path.Combine(folder, ModelConfig.FileName));
        using TrainableModel model = TrainableFamilies.Find(Family.Name).Create(ModelLoader.ReadConfig(Family, weights), torch.CPU);
        model.Initialize(0, model.Blocks, 1);
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFolder.SingleFile), model.Layout.Specs.Select(s => KeyValuePair.Create(s.Name, model[s.Name])));
        return folder;
    }

    // As in backbone-reference.mjs.
    private static torch.Tensor Images()
    {
        torch.Tensor i = torch.arange(2).view(2, 1, 1, 1), c = torch.arange(3).view(1, 3, 1, 1);
        torch.Tensor y = torch.arange(Side).view(1, 1, Side, 1), x = torch.arange(Side).view(1, 1, 1, Side);
        return ((7 * i + 3 * y + 5 * x + 11 * c + x * y) % 256).to(torch.float32) / 127.5 - 1;
    }
}
