using TorchSharp;

namespace HyperSearch.Training.ModelFamilies.Convolutions;

/// <summary>
/// The order in memory of images and kernels, whose shape is [n, channels, height, width] in any case. With the channels of a
/// pixel side by side, libtorch pools maps on a processor ten times and normalises them two to four times as fast, and
/// convolves most without reordering them. Only the products of large kernels are up to three times faster over planes, as
/// their maps are small. What is computed is the same but for rounding: the statistics of a norm are summed in float32 here
/// and in float64 over planes (relative error 3e-7 of 3,000 values and 3e-6 of 100,000, against 5e-8).
/// </summary>
internal static class ChannelsLast
{
    // Between ResNet's kernels of 256 and of 128 channels, which are equally fast both ways.
    private const long LargeKernels = 1 << 19;

    /// <summary>Whether kernels are faster over planes, and so lie in planes themselves.</summary>
    /// <param name="outputs">Their number.</param>
    /// <param name="inputs">Channels that they read.</param>
    /// <param name="side">Their side in pixels; 1 is a plain product over channels.</param>
    public static bool PrefersPlanes(long outputs, long inputs, long side) => side > 1 && outputs * inputs * side * side >= LargeKernels;

    /// <summary>The same images with channels side by side; the images themselves where they lie so already.</summary>
    /// <param name="x">Images in any order.</param>
    public static torch.Tensor Of(torch.Tensor x)
    {
        long channels = x.size(1), height = x.size(2), width = x.size(3);
        if (x.stride(1) == 1 && x.stride(3) == channels && x.stride(2) == width * channels && x.stride(0) == height * width * channels)
        {
            return x;
        }

        if (channels == 1 && x.is_contiguous() && !x.requires_grad)
        {
            return Strided(x, x.size(0), channels, height, width);
        }

        using torch.Tensor pixels = x.permute(0, 2, 3, 1);
        using torch.Tensor dense = pixels.contiguous();
        return x.requires_grad ? dense.permute(0, 3, 1, 2) : Strided(dense, x.size(0), channels, height, width);
    }

    // Strides of lengths of 1 say nothing of where numbers lie, but libtorch chooses its kernels by them.
    private static torch.Tensor Strided(torch.Tensor dense, long count, long channels, long height, long width) => dense.as_strided(
        [count, channels, height, width], [height * width * channels, 1, width * channels, channels], dense.storage_offset());

    /// <summary>A view of flat storage as kernels, in the order that suits them.</summary>
    /// <param name="flat">Their numbers.</param>
    /// <param name="shape">[outputs, inputs, side, side].</param>
    public static torch.Tensor Kernels(torch.Tensor flat, ReadOnlySpan<long> shape)
    {
        // Of a single channel or a single pixel both orders are one; the strides shall say planes.
        if (shape[1] == 1 || shape[2] == 1 || PrefersPlanes(shape[0], shape[1], shape[2]))
        {
            return flat.view(shape.ToArray());
        }

        using torch.Tensor pixels = flat.view(shape[0], shape[2], shape[3], shape[1]);
        return pixels.permute(0, 3, 1, 2);
    }
}
