using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.ModelFamilies.Convnet;

/// <summary>Blocks (convolution 3x3, batch norm, ReLU; max-pool 2 after the first three), global average pool, dropout, linear head.</summary>
internal sealed class ConvnetModel : TrainableModel
{
    private const int PooledBlocks = 3;
    private const double NormMomentum = 0.1;
    private const double NormEpsilon = 1e-5;

    private static readonly long[] One = [1, 1];
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
    public override torch.Tensor Forward(torch.Tensor images, ForwardMode mode)
    {
        torch.Tensor x = images;
        for (int b = 0; b < _blocks.Length; b++)
        {
            var (conv, weight, bias, mean, variance) = _blocks[b];
            x = Convolve(x, conv);
            x = F.batch_norm(x, mean, variance, weight, bias, mode.Trains(b), NormMomentum, NormEpsilon);

            // ReLU and maximum commute, and after the pool there is a quarter to do.
            x = b < PooledBlocks ? F.max_pool2d(x, 2) : x;
            x = x.relu_();
        }

        x = x.mean(Spatial);
        x = F.dropout(x, mode.Dropout, mode.Training && mode.Dropout > 0);
        return F.linear(x, _headWeight, _headBias);
    }

    private static torch.Tensor Convolve(torch.Tensor x, torch.Tensor weight)
    {
        if (x.shape[0] > 1)
        {
            return F.conv2d(x, weight, null, One, One, One);
        }

        // For one image libtorch asks NNPACK, which on many processors only prints warnings, four for each pass.
        torch.Tensor columns = F.unfold(x, 3, padding: 1).squeeze(0);
        return weight.view(weight.shape[0], -1).mm(columns).view(1, weight.shape[0], x.shape[2], x.shape[3]);
    }
}
