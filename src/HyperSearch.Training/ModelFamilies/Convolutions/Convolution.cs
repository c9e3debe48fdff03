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
        if (precision.IsReduced && x.device_type == DeviceType.CPU)
        {
            return ApplyRounded(x, weight, bias, stride, padding, groups);
        }

        if (ChannelsLast.PrefersPlanes(weight.size(0), weight.size(1), weight.size(2)))
        {
            using torch.Tensor planes = x.contiguous();
            return Convolve(precision, planes, weight, bias, stride, padding, groups);
        }

        torch.Tensor pixels = ChannelsLast.Of(x);
        torch.Tensor y = Convolve(precision, pixels, weight, bias, stride, padding, groups);
        if (!ReferenceEquals(pixels, x))
        {
            pixels.Dispose();
        }

        return y;
    }

    // On a processor libtorch 2.10's gradients of bfloat16 kernels read memory that nothing has written, for maps of one pixel
    // and for channels that lie side by side. What is rounded is multiplied in float32, in which bfloat16 products are summed anyway.
    private static torch.Tensor ApplyRounded(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, long[] stride, long[] padding, long groups)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor y = Apply(
            Precision.Fp32, Precision.Rounded(x), Precision.Rounded(weight), bias is null ? null : Precision.Rounded(bias), stride, padding, groups);
        return Precision.Rounded(y).MoveToOuterDisposeScope();
    }

    private static torch.Tensor Convolve(Precision precision, torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, long[] stride, long[] padding, long groups)
    {
        if (x.size(0) > 1 || stride[0] > 1 || groups > 1 || x.device_type != DeviceType.CPU)
        {
            return precision.Convolution(x, weight, bias, stride, padding, NoDilation, groups);
        }

        // For one image in float32 libtorch asks NNPACK, which on many processors only prints warnings, four for each pass.
        long side = weight.size(2), outputs = weight.size(0);
        torch.Tensor columns = side == 1 ? x.reshape(x.size(1), -1) : F.unfold(x, side, padding: padding[0]).squeeze(0);
        torch.Tensor y = columns.t().mm(weight.reshape(outputs, -1).t()).view(1, x.size(2) + 2 * padding[0] - side + 1, -1, outputs).permute(0, 3, 1, 2);
        return bias is null ? y : y.add_(bias.view(1, -1, 1, 1));
    }
}
