using System.Collections.Immutable;
using HyperSearch.Training.Datasets;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies.Convnet;

/// <summary>Blocks of convolution, batch norm and ReLU, small enough for a processor; ships pretrained with the samples.</summary>
internal sealed class ConvnetFamily : ITrainableFamily
{
    private static readonly ImmutableArray<int> DefaultSizes = [16, 32, 64, 64];

    /// <inheritdoc/>
    public string Name => "convnet";

    /// <inheritdoc/>
    public ModelConfig Read(ConfigFile file)
    {
        file.Describes(Name, file.Text("model_type") == ConvnetConfig.ModelType);
        ImmutableArray<int> sizes = file.Ints("hidden_sizes", 1, 4096);
        return sizes.Length > 0
            ? new ConvnetConfig { Labels = LabelMap.Read(file), Images = ImageInput.Read(file, null), HiddenSizes = sizes, Source = file.Json }
            : throw file.Wrong("hidden_sizes", "one number for each block");
    }

    /// <inheritdoc/>
    public ModelConfig FromScratch(LabelledDataset dataset, int blocks) => new ConvnetConfig
    {
        Labels = dataset.Labels,
        Images = ImageInput.Of(dataset),
        HiddenSizes = [.. Enumerable.Range(0, blocks).Select(b => DefaultSizes[Math.Min(b, DefaultSizes.Length - 1)])],
    };

    /// <inheritdoc/>
    public TrainableModel Create(ModelConfig config, torch.Device device) =>
        new ConvnetModel(config, new TensorLayout(Tensors((ConvnetConfig)config), config.Blocks), device);

    /// <inheritdoc/>
    public bool Ignores(string tensorName) => tensorName.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    private static IEnumerable<TensorSpec> Tensors(ConvnetConfig config)
    {
        int inputs = config.Images!.Channels;
        for (int block = 0; block < config.Blocks; block++)
        {
            int outputs = config.HiddenSizes[block];
            string name = $"blocks.{block}";
            yield return new($"{name}.conv.weight", block, TensorRole.Weight, [outputs, inputs, 3, 3], InitialValue.FanIn(outputs, inputs, 3, 3));
            yield return new($"{name}.norm.weight", block, TensorRole.Undecayed, [outputs], InitialValue.One);
            yield return new($"{name}.norm.bias", block, TensorRole.Undecayed, [outputs], InitialValue.Zero);
            yield return new($"{name}.norm.running_mean", block, TensorRole.Buffer, [outputs], InitialValue.Zero);
            yield return new($"{name}.norm.running_var", block, TensorRole.Buffer, [outputs], InitialValue.One);
            inputs = outputs;
        }

        int classes = config.Labels.Length;
        yield return new("head.weight", config.Blocks, TensorRole.Weight, [classes, inputs], InitialValue.FanIn(classes, inputs));
        yield return new("head.bias", config.Blocks, TensorRole.Undecayed, [classes], InitialValue.Zero);
    }
}
