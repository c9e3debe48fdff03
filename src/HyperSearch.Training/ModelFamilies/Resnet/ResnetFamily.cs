using System.Collections.Immutable;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies.Resnet;

/// <summary>
/// Residual networks (He et al. 2016) of one depth. Read are folders of Hugging Face's transformers and of timm, and
/// torchvision's tensors with a <c>config.json</c> whose <c>model_type</c> is the family's name.
/// </summary>
/// <param name="name">Name of the family.</param>
/// <param name="bottleneck">Kind of the units.</param>
/// <param name="depths">Units of each stage.</param>
internal sealed class ResnetFamily(string name, bool bottleneck, params ImmutableArray<int> depths) : ITrainableFamily
{
    private const int MostChannels = 65_536;

    private readonly ImmutableArray<int> _sizes = bottleneck ? [256, 512, 1024, 2048] : [64, 128, 256, 512];

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ModelConfig Read(ConfigFile file)
    {
        string? type = file.Text("model_type") ?? file.Text("architecture");
        file.Describes(name, type == name || type == ResnetConfig.ModelType);
        ResnetConfig config = new()
        {
            Labels = LabelMap.Read(file),
            Images = ImageInput.Read(file, ImageInput.ImageNet),
            EmbeddingSize = file.Int("embedding_size", 1, MostChannels, 64),
            HiddenSizes = file.Ints("hidden_sizes", 1, MostChannels, type == name ? _sizes : [256, 512, 1024, 2048]),
            Depths = file.Ints("depths", 1, 1000, type == name ? depths : [3, 4, 6, 3]),
            Bottleneck = file.OneOf("layer_type", type == name ? ResnetConfig.LayerType(bottleneck) : "bottleneck", "basic", "bottleneck") == "bottleneck",
            Source = file.Json,
        };
        Check(file, config);
        return config;
    }

    /// <inheritdoc/>
    public ModelConfig FromScratch(LabelledDataset dataset, int blocks)
    {
        ResnetConfig config = new()
        {
            Labels = dataset.Labels,
            Images = ImageInput.Of(dataset),
            HiddenSizes = _sizes,
            Depths = depths,
            Bottleneck = bottleneck,
        };
        return blocks == config.Blocks ? config : throw new TrainingException(FailureKind.BadParameters, $"A {name} has {config.Blocks} blocks, not {blocks}.");
    }

    /// <inheritdoc/>
    public TrainableModel Create(ModelConfig config, torch.Device device)
    {
        ResnetConfig sizes = (ResnetConfig)config;
        return new ResnetModel(sizes, new ResnetPlan(sizes), device);
    }

    /// <inheritdoc/>
    public bool Ignores(string tensorName) => tensorName.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    private void Check(ConfigFile file, ResnetConfig config)
    {
        if (config.Bottleneck != bottleneck || !config.Depths.AsSpan().SequenceEqual(depths.AsSpan()))
        {
            throw file.Fail($"this is a resnet of layer_type {ResnetConfig.LayerType(config.Bottleneck)} and depths {string.Join(", ", config.Depths)}, "
                + $"a {name} has {ResnetConfig.LayerType(bottleneck)} and {string.Join(", ", depths)}");
        }

        if (config.HiddenSizes.Length != depths.Length || (bottleneck && config.HiddenSizes.Any(s => s % 4 != 0)))
        {
            throw file.Wrong("hidden_sizes", $"one number for each of {depths.Length} stages{(bottleneck ? ", a multiple of 4" : "")}");
        }

        file.OneOf("hidden_act", "relu");
        if (file.Flag("downsample_in_first_stage", false) || file.Flag("downsample_in_bottleneck", false))
        {
            throw file.Fail("downsample_in_first_stage and downsample_in_bottleneck are not computed by this version");
        }
    }
}
