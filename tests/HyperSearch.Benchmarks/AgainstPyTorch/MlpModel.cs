using HyperSearch.Training.ModelFamilies;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>Linear layers with ReLU between them: so little to compute that what a step costs by itself shows. No family of the product.</summary>
internal sealed class MlpModel : TrainableModel
{
    private readonly (torch.Tensor Weight, torch.Tensor Bias)[] _layers;

    public MlpModel(MlpConfig config) : base(config, new TensorLayout(Tensors(config), config.Blocks), torch.CPU) =>
        _layers = [.. Enumerable.Range(0, Blocks + 1).Select(i => (this[$"{Name(i)}.weight"], this[$"{Name(i)}.bias"]))];

    /// <inheritdoc/>
    protected override torch.Tensor Block(int block, torch.Tensor x, torch.Tensor inputs, ForwardMode mode)
    {
        if (block > 0)
        {
            return Linear(block, x).relu_();
        }

        using torch.Tensor flat = x.flatten(1);
        return Linear(block, flat).relu_();
    }

    /// <inheritdoc/>
    protected override torch.Tensor Pool(torch.Tensor x, torch.Tensor inputs) => x;

    /// <inheritdoc/>
    protected override torch.Tensor Head(torch.Tensor features, ForwardMode mode) => Linear(Blocks, mode.Drop(features, Blocks));

    private torch.Tensor Linear(int layer, torch.Tensor x) => F.linear(x, _layers[layer].Weight, _layers[layer].Bias);

    private static IEnumerable<TensorSpec> Tensors(MlpConfig config)
    {
        int[] widths = [.. config.Widths, config.Labels.Length];
        for (int layer = 0; layer + 1 < widths.Length; layer++)
        {
            int inputs = widths[layer], outputs = widths[layer + 1];
            yield return new($"{Name(layer)}.weight", layer, TensorRole.Weight, [outputs, inputs], InitialValue.FanIn(outputs, inputs));
            yield return new($"{Name(layer)}.bias", layer, TensorRole.Undecayed, [outputs], InitialValue.FanIn(outputs, inputs));
        }
    }

    // As in a torch.nn.Sequential, where the functions between have numbers too.
    private static string Name(int layer) => $"layers.{2 * layer}";
}
