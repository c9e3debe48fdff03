using HyperSearch.Training.ModelFamilies.Convolutions;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.ModelFamilies.Resnet;

/// <summary>Stem (convolution 7x7, norm, ReLU, max-pool 3), stages of residual units, global average pool, dropout, linear head.</summary>
internal sealed class ResnetModel : TrainableModel
{
    private static readonly long[] Spatial = [2, 3];

    private readonly ConvolutionLayer _stem;
    private readonly (ConvolutionLayer[] Path, ConvolutionLayer? Shortcut)[][] _stages;
    private readonly torch.Tensor _headWeight;
    private readonly torch.Tensor _headBias;

    public ResnetModel(ResnetConfig config, ResnetPlan plan, torch.Device device) : base(config, new TensorLayout(plan.Tensors, config.Blocks), device)
    {
        _stem = new(this, plan.Stem);
        _stages = [.. plan.Stages.Select(units => units.Select(u => (u.Path.Select(Layer).ToArray(), u.Shortcut is { } s ? Layer(s) : null)).ToArray())];
        (_headWeight, _headBias) = (this["fc.weight"], this["fc.bias"]);

        ConvolutionLayer Layer(ConvolutionPlan convolution) => new(this, convolution);
    }

    /// <inheritdoc/>
    protected override torch.Tensor Block(int block, torch.Tensor x, torch.Tensor inputs, ForwardMode mode)
    {
        bool training = mode.Trains(block);
        if (block == 0)
        {
            using torch.Tensor stem = _stem.Forward(x, training).relu_();
            return F.max_pool2d(stem, 3, stride: 2, padding: 1);
        }

        torch.Tensor features = x;
        foreach ((ConvolutionLayer[] path, ConvolutionLayer? shortcut) in _stages[block - 1])
        {
            torch.Tensor y = Unit(path, shortcut, x, training);
            Release(x, features, y);
            x = y;
        }

        return x;
    }

    private static torch.Tensor Unit(ConvolutionLayer[] path, ConvolutionLayer? shortcut, torch.Tensor x, bool training)
    {
        torch.Tensor y = path[0].Forward(x, training);
        for (int i = 1; i < path.Length; i++)
        {
            using torch.Tensor inside = y.relu_();
            y = path[i].Forward(inside, training);
        }

        if (shortcut is null)
        {
            return y.add_(x).relu_();
        }

        using torch.Tensor passed = shortcut.Forward(x, training);
        return y.add_(passed).relu_();
    }

    /// <inheritdoc/>
    protected override torch.Tensor Pool(torch.Tensor x, torch.Tensor inputs) => x.mean(Spatial);

    /// <inheritdoc/>
    protected override torch.Tensor Head(torch.Tensor features, ForwardMode mode) =>
        Precision.Linear(mode.Drop(features, Blocks), _headWeight, _headBias);
}
