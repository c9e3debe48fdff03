using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.ModelFamilies.Convolutions;

/// <summary>A planned convolution with its batch norm, over the tensors of a model.</summary>
internal sealed class ConvolutionLayer
{
    private const double NormMomentum = 0.1;

    private static readonly long[] None = [0, 0];

    private readonly TrainableModel _model;
    private readonly ConvolutionPlan _plan;
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly torch.Tensor _kernels;
    private readonly torch.Tensor? _foldedBias;
    private readonly torch.Tensor? _scale;
    private readonly torch.Tensor? _shift;
    private readonly torch.Tensor? _mean;
    private readonly torch.Tensor? _variance;

    public ConvolutionLayer(TrainableModel model, ConvolutionPlan plan)
    {
        (_model, _plan) = (model, plan);
        _stride = [plan.Stride, plan.Stride];
        _padding = [plan.Kernel / 2, plan.Kernel / 2];
        _kernels = model[$"{plan.Names[0]}.weight"];
        if (plan.Folded)
        {
            _foldedBias = model[$"{plan.Names[0]}.bias"];
            return;
        }

        string norm = plan.NormNames[0];
        (_scale, _shift) = (model[$"{norm}.weight"], model[$"{norm}.bias"]);
        (_mean, _variance) = (model[$"{norm}.running_mean"], model[$"{norm}.running_var"]);
    }

    /// <summary>Convolves and normalises; in training mode by the batch's statistics, which the stored ones follow.</summary>
    public torch.Tensor Forward(torch.Tensor x, bool training)
    {
        long[] padding = _padding;
        if (_plan.SamePadding && Same(x.size(2), x.size(3)) is { } pad)
        {
            (x, padding) = (F.pad(x, pad), None);
        }

        torch.Tensor y = Convolution.Apply(_model.Precision, x, _kernels, _foldedBias, _stride, padding, _plan.Groups);
        if (_plan.Folded)
        {
            return y;
        }

        using (y)
        {
            return F.batch_norm(y, _mean, _variance, _scale, _shift, training, NormMomentum, _plan.Epsilon);
        }
    }

    /// <summary>Zeros left, right, top and bottom; null where half a kernel on every side is the same.</summary>
    private long[]? Same(long height, long width)
    {
        long down = Total(height), across = Total(width);
        return down == 2 * _padding[0] && across == 2 * _padding[0] ? null : [across / 2, across - across / 2, down / 2, down - down / 2];
    }

    private long Total(long length)
    {
        long rest = length % _plan.Stride;
        return Math.Max(0, _plan.Kernel - (rest == 0 ? _plan.Stride : rest));
    }
}
