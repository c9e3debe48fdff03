using HyperSearch.Training.ModelFamilies.Convolutions;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.ModelFamilies.Convnet;

/// <summary>Blocks (convolution 3x3, batch norm, ReLU; max-pool 2 after the first three), global average pool, dropout, linear head.</summary>
internal sealed class ConvnetModel : TrainableModel
{
    private const int PooledBlocks = 3;
    private const double NormMomentum = 0.1;
    private const double NormEpsilon = 1e-5;

    private static readonly long[] None = [0, 0];
    private static readonly long[] One = [1, 1];
    private static readonly long[] Two = [2, 2];
    private static readonly long[] Spatial = [2, 3];

    private readonly (torch.Tensor Conv, torch.Tensor Weight, torch.Tensor Bias, torch.Tensor Mean, torch.Tensor Variance)[] _blocks;
    private readonly torch.Tensor _headWeight;
    private readonly torch.Tensor _headBias;

    public ConvnetModel(ModelConfig config, TensorLayout layout, torch.Device device) : base(config, layout, device)
    {
        _blocks = [.. Enumerable.Range(0, layout.Blocks).Select(b => (
            this[$"blocks.{b}.conv.weight"], this[$"blocks.{b}.norm.weight"], this[$"blocks.{b}.norm.bias"],
            this[$"blocks.{b}.norm.running_mean"], this[$"blocks.{b}.norm.running_var"]))];
        _headWeight = this["head.weight"];
        _headBias = this["head.bias"];
    }

    /// <inheritdoc/>
    protected override torch.Tensor Block(int block, torch.Tensor x, torch.Tensor inputs, ForwardMode mode)
    {
        var (conv, weight, bias, mean, variance) = _blocks[block];
        torch.Tensor normed;
        using (torch.Tensor convolved = Convolution.Apply(Precision, x, conv, null, One, One))
        {
            normed = F.batch_norm(convolved, mean, variance, weight, bias, mode.Trains(block), NormMomentum, NormEpsilon);
        }

        if (block >= PooledBlocks)
        {
            return normed.relu_();
        }

        // ReLU and maximum commute, and after the pool there is a quarter to do.
        using (normed)
        {
            return F.max_pool2d(normed, Two, Two, None, One).relu_();
        }
    }

    /// <inheritdoc/>
    protected override torch.Tensor Pool(torch.Tensor x, torch.Tensor inputs) => x.mean(Spatial);

    /// <inheritdoc/>
    protected override torch.Tensor Head(torch.Tensor features, ForwardMode mode) =>
        Precision.Linear(mode.Drop(features, Blocks), _headWeight, _headBias);
}
