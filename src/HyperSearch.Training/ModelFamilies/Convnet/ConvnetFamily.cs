using System.Collections.Immutable;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies.Convnet;

/// <summary>Blocks of convolution, batch norm and ReLU, small enough for a processor; ships pretrained with the samples.</summary>
internal sealed class ConvnetFamily : ITrainableFamily
{
    private static readonly ImmutableArray<int> DefaultSizes = [16, 32, 64, 64];

    /// <inheritdoc/>
    public string Name => "convnet";

    /// <inheritdoc/>
    public TrainableModel Create(ModelConfig config, int blocks, torch.Device device) =>
        new ConvnetModel(config, new TensorLayout(Tensors(config), blocks), device);

    /// <inheritdoc/>
    public ModelConfig FromScratch(int channels, int imageSize, int blocks) => new()
    {
        ModelType = Name,
        Channels = channels,
        ImageSize = imageSize,
        HiddenSizes = [.. Enumerable.Range(0, blocks).Select(b => DefaultSizes[Math.Min(b, DefaultSizes.Length - 1)])],
        Labels = [],
        Mean = [],
        Std = [],
    };

    /// <inheritdoc/>
    public bool Ignores(string tensorName) => tensorName.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    private static IEnumerable<TensorSpec> Tensors(ModelConfig config)
    {
        int inputs = config.Channels;
        for (int block = 0; block < config.HiddenSizes.Length; block++)
        {
            int outputs = config.HiddenSizes[block];
            string name = $"blocks.{block}";
            yield return new($"{name}.conv.weight", block, TensorRole.Weight, [outputs, inputs, 3, 3], null);
            yield return new($"{name}.norm.weight", block, TensorRole.Undecayed, [outputs], 1);
            yield return new($"{name}.norm.bias", block, TensorRole.Undecayed, [outputs], 0);
            yield return new($"{name}.norm.running_mean", block, TensorRole.Buffer, [outputs], 0);
            yield return new($"{name}.norm.running_var", block, TensorRole.Buffer, [outputs], 1);
            inputs = outputs;
        }

        yield return new("head.weight", config.HiddenSizes.Length, TensorRole.Weight, [config.Labels.Length, inputs], null);
        yield return new("head.bias", config.HiddenSizes.Length, TensorRole.Undecayed, [config.Labels.Length], 0);
    }
}
