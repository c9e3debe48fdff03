using HyperSearch.Training.ModelFamilies.Convolutions;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies.MobileNetV2;

/// <summary>Stem, inverted residuals, last convolution 1x1, each with ReLU6 but for the projections; global average pool, dropout, linear head.</summary>
internal sealed class MobileNetV2Model : TrainableModel
{
    private static readonly long[] Spatial = [2, 3];

    private readonly ConvolutionLayer _stem;
    private readonly (ConvolutionLayer[] Path, bool Residual)[] _residuals;
    private readonly ConvolutionLayer _last;
    private readonly torch.Tensor _headWeight;
    private readonly torch.Tensor _headBias;

    public MobileNetV2Model(MobileNetV2Config config, MobileNetV2Plan plan, torch.Device device)
        : base(config, new TensorLayout(plan.Tensors, config.Blocks), device)
    {
        _stem = new(this, plan.Stem);
        _residuals = [.. plan.Residuals.Select(r => (r.Path.Select(c => new ConvolutionLayer(this, c)).ToArray(), r.Residual))];
        _last = new(this, plan.Last);
        (_headWeight, _headBias) = (this["classifier.1.weight"], this["classifier.1.bias"]);
    }

    /// <inheritdoc/>
    protected override torch.Tensor Block(int block, torch.Tensor x, torch.Tensor inputs, ForwardMode mode)
    {
        bool training = mode.Trains(block);
        if (block == 0 || block == Blocks - 1)
        {
            return (block == 0 ? _stem : _last).Forward(x, training).relu6_();
        }

        (ConvolutionLayer[] path, bool residual) = _residuals[block - 1];
        torch.Tensor y = path[0].Forward(x, training);
        for (int i = 1; i < path.Length; i++)
        {
            y = path[i].Forward(y.relu6_(), training);
        }

        return residual ? y.add_(x) : y;
    }

    /// <inheritdoc/>
    protected override torch.Tensor Pool(torch.Tensor x, torch.Tensor inputs) => x.mean(Spatial);

    /// <inheritdoc/>
    protected override torch.Tensor Head(torch.Tensor features, ForwardMode mode) =>
        Precision.Linear(mode.Drop(features, Blocks), _headWeight, _headBias);
}
