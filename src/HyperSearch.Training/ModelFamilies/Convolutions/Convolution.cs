using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.ModelFamilies.Convolutions;

/// <summary>Convolutions of square kernels.</summary>
internal static class Convolution
{
    private static readonly long[] NoDilation = [1, 1];

    /// <summary>Convolves images [n, channels, height, width].</summary>
    /// <param name="precision">What it computes in.</param>
    /// <param name="x">The images.</param>
    /// <param name="weight">Kernels [outputs, channels / groups, side, side].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="stride">Step in pixels, twice.</param>
    /// <param name="padding">Zeros on every side, twice.</param>
    /// <param name="groups">Groups of channels.</param>
    public static torch.Tensor Apply(Precision precision, torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, long[] stride, long[] padding, long groups = 1)
    {
        if (x.size(0) > 1 || stride[0] > 1 || groups > 1 || x.device_type != DeviceType.CPU || precision.IsReduced)
        {
            return precision.Convolution(x, weight, bias, stride, padding, NoDilation, groups);
        }

        // For one image in float32 libtorch asks NNPACK, which on many processors only prints warnings, four for each pass.
        long side = weight.size(2), outputs = weight.size(0);
        torch.Tensor columns = side == 1 ? x.reshape(x.size(1), -1) : F.unfold(x, side, padding: padding[0]).squeeze(0);
        torch.Tensor y = weight.view(outputs, -1).mm(columns).view(1, outputs, x.size(2) + 2 * padding[0] - side + 1, -1);
        return bias is null ? y : y.add_(bias.view(1, -1, 1, 1));
    }
}
