using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Bert;
using HyperSearch.Training.ModelFamilies.Convnet;
using HyperSearch.Training.ModelFamilies.Resnet;
using TorchSharp;

namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>A net that both sides train, what they train it on, and how long.</summary>
internal sealed record ComparedModel
{
    private const int BatchCount = 8;
    private const int TextLength = 64;

    private static readonly ImmutableArray<string> TenLabels = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    private static readonly MlpConfig Mlp = new() { Labels = TenLabels, Images = Images(1, 28), Widths = [784, 128, 64] };

    private static readonly ConvnetConfig Convnet = new() { Labels = TenLabels, Images = Images(1, 28), HiddenSizes = [16, 32, 64, 64] };

    private static readonly ResnetConfig Resnet18 = new()
    {
        Labels = TenLabels,
        Images = Images(3, 64),
        HiddenSizes = [64, 128, 256, 512],
        Depths = [2, 2, 2, 2],
        Bottleneck = false,
    };

    // BERT-mini (Turc et al., 2019): the vocabulary is BERT's.
    private static readonly BertConfig Encoder = new()
    {
        Labels = ["ham", "spam"],
        Text = new(VocabularySize: 30_522, MaxLength: 512, PadId: 0, Types: 2),
        HiddenSize = 256,
        Layers = 4,
        Heads = 4,
        IntermediateSize = 1024,
    };

    /// <summary>The name, for both sides.</summary>
    public required string Name { get; init; }

    /// <summary>Makes the net.</summary>
    public required Func<TrainableModel> Create { get; init; }

    /// <summary>The arguments of PyTorch's net.</summary>
    public required JsonObject Sizes { get; init; }

    /// <summary>Examples of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Steps of a repetition.</summary>
    public required int Steps { get; init; }

    /// <summary>Constant learning rate: low with batch norm, where AdamW's first steps, all as long as the rate, turn a rounding of a gradient of nearly zero into a step the other way, and lowest where a norm sees 64 values.</summary>
    public required double Rate { get; init; }

    /// <summary>Whether the cost of a step by itself counts, as against that of its products.</summary>
    public bool OverheadCounts { get; init; }

    /// <summary>All of them.</summary>
    public static ImmutableArray<ComparedModel> All { get; } =
    [
        new()
        {
            Name = "mlp",
            Create = () => new MlpModel(Mlp),
            Sizes = new() { ["widths"] = Array(784, 128, 64, 10) },
            BatchSize = 32,
            Steps = 2000,
            Rate = 1e-3,
            OverheadCounts = true,
        },
        new()
        {
            Name = "convnet",
            Create = () => TrainableFamilies.Find("convnet").Create(Convnet, torch.CPU),
            Sizes = new() { ["channels"] = 1, ["widths"] = Array(16, 32, 64, 64), ["classes"] = 10 },
            BatchSize = 32,
            Steps = 120,
            Rate = 1e-4,
        },
        new()
        {
            Name = "resnet18",
            Create = () => TrainableFamilies.Find("resnet18").Create(Resnet18, torch.CPU),
            Sizes = new() { ["channels"] = 3, ["classes"] = 10 },
            BatchSize = 16,
            Steps = 4,
            Rate = 1e-6,
        },
        new()
        {
            Name = "encoder",
            Create = () => TrainableFamilies.Find("bert").Create(Encoder, torch.CPU),
            Sizes = new()
            {
                ["vocabulary"] = 30_522, ["positions"] = 512, ["types"] = 2, ["hidden"] = 256, ["layers"] = 4, ["heads"] = 4, ["inner"] = 1024, ["classes"] = 2,
            },
            BatchSize = 16,
            Steps = 4,
            Rate = 1e-4,
        },
    ];

    /// <summary>The same seeded batches for everyone, outside dispose scopes.</summary>
    public ImmutableArray<Batch> Batches()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using TrainableModel model = Create();
        return [.. Enumerable.Range(0, BatchCount).Select(_ => Draw(model.Config).Detach())];
    }

    /// <summary>Random texts, int64 [count, 2, length]. The first is as long as may be, the others end anywhere.</summary>
    public static torch.Tensor DrawTexts(int count, TextInput text)
    {
        torch.Tensor ids = torch.randint(1, text.VocabularySize, [count, 1, TextLength]);
        torch.Tensor lengths = torch.randint(TextLength / 4, TextLength + 1, [count, 1, 1]);
        lengths[0] = torch.tensor(TextLength);
        torch.Tensor places = torch.arange(TextLength).view(1, 1, -1);
        torch.Tensor used = places.lt(lengths).to(torch.ScalarType.Int64);
        return torch.cat([ids * used, places.ge(lengths / 2).to(torch.ScalarType.Int64) * used], 1);
    }

    /// <summary>Random inputs; images are shifted by their class, so that there is something to learn.</summary>
    private Batch Draw(ModelConfig config)
    {
        torch.Tensor labels = torch.randint(0, config.Labels.Length, BatchSize);
        torch.Tensor inputs = config.Text is { } text ? DrawTexts(BatchSize, text) : DrawImages(config.Images!, labels);
        return new(inputs, 0, inputs, labels);
    }

    private torch.Tensor DrawImages(ImageInput images, torch.Tensor labels) =>
        torch.randn(BatchSize, images.Channels, images.Size, images.Size).add_(labels.to(torch.ScalarType.Float32).mul(0.2).view(-1, 1, 1, 1));

    private static ImageInput Images(int channels, int size) =>
        new() { Channels = channels, Size = size, Mean = [.. Enumerable.Repeat(0.0, channels)], Std = [.. Enumerable.Repeat(1.0, channels)] };

    private static JsonArray Array(params ReadOnlySpan<int> numbers)
    {
        JsonArray array = [];
        foreach (int number in numbers)
        {
            array.Add(number);
        }

        return array;
    }
}
