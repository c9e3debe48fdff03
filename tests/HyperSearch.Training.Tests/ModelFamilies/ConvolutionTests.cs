using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Convolutions;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.Tests.ModelFamilies;

/// <summary>Convolutions over images and kernels in the order that suits them, against libtorch's own over planes.</summary>
public sealed class ConvolutionTests
{
    private const float Tolerance = 1e-5f;

    /// <summary>Examples, channels, outputs, side of the kernels, side of the images, stride, groups.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        { 3, 1, 4, 3, 8, 1, 1 },
        { 3, 5, 4, 3, 8, 2, 1 },
        { 3, 5, 4, 1, 8, 1, 1 },
        { 3, 6, 6, 3, 8, 1, 6 },
        { 1, 5, 4, 3, 8, 1, 1 },
        { 1, 5, 4, 1, 8, 1, 1 },
        { 3, 5, 4, 3, 1, 1, 1 },
        { 2, 256, 256, 3, 2, 1, 1 },
        { 1, 256, 256, 3, 2, 1, 1 },
        { 2, 256, 256, 3, 4, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Apply_AnyOrderOfImages_IsWhatPlanesGive(int examples, int channels, int outputs, int side, int size, int stride, int groups)
    {
        TorchRuntime.UseThreads(1);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        long[] shape = [outputs, channels / groups, side, side], strides = [stride, stride], padding = [side / 2, side / 2];

        // What lies before the images and the kernels in their storage shall not matter.
        torch.Tensor images = torch.randn(examples + 1, channels, size, size).narrow(0, 1, examples), bias = torch.randn(outputs);
        torch.Tensor kernels = ChannelsLast.Kernels(torch.randn(7 + outputs * shape[1] * side * side).narrow(0, 7, outputs * shape[1] * side * side), shape);
        torch.Tensor pixels = images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        (torch.Tensor expected, torch.Tensor expectedGradient) = Step(kernels.contiguous(), w => F.conv2d(images, w, bias, strides, padding, [1, 1], groups));

        foreach (torch.Tensor x in new[] { images, pixels })
        {
            (torch.Tensor y, torch.Tensor gradient) = Step(kernels, w => Convolution.Apply(Precision.Fp32, x, w, bias, strides, padding, groups));

            Error(y, expected).ShouldBeLessThan(Tolerance);
            Error(gradient, expectedGradient).ShouldBeLessThan(Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [InlineData(4, 24, 96, 3, 1, 2, 1)] // The library's own gradient of this one, in bfloat16, reads memory that nothing has written.
    [InlineData(4, 48, 48, 3, 1, 2, 48)]
    public void Apply_Bf16_IsFloat32ButForRounding(int examples, int channels, int outputs, int side, int size, int stride, int groups)
    {
        TorchRuntime.UseThreads(1);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        long[] shape = [outputs, channels / groups, side, side], strides = [stride, stride], padding = [side / 2, side / 2];
        torch.Tensor images = torch.randn(examples, channels, size, size), bias = torch.randn(outputs);
        torch.Tensor kernels = ChannelsLast.Kernels(torch.randn(outputs * shape[1] * side * side), shape);
        (torch.Tensor whole, torch.Tensor wholeGradient) = Step(kernels, w => Convolution.Apply(Precision.Fp32, images, w, bias, strides, padding, groups));
        FreeMemory.Poison();

        (torch.Tensor y, torch.Tensor gradient) = Step(kernels, w => Convolution.Apply(Precision.Bf16, images, w, bias, strides, padding, groups));

        Error(y, whole).ShouldBeInRange(1e-5f, 0.01f);
        Error(gradient, wholeGradient).ShouldBeInRange(1e-5f, 0.02f);
    }

    [Theory]
    [InlineData(128, 128, 3, false)]
    [InlineData(256, 256, 3, true)]
    [InlineData(2048, 512, 1, false)]
    public void PrefersPlanes_LargeKernelsOfSeveralPixels_Do(int outputs, int inputs, int side, bool planes) =>
        ChannelsLast.PrefersPlanes(outputs, inputs, side).ShouldBe(planes);

    private static (torch.Tensor Output, torch.Tensor Gradient) Step(torch.Tensor kernels, Func<torch.Tensor, torch.Tensor> convolve)
    {
        torch.Tensor learnt = kernels.detach().requires_grad_(true);
        torch.Tensor y = convolve(learnt);
        (y * y).sum().backward();
        return (y.detach(), learnt.grad!);
    }

    private static float Error(torch.Tensor ours, torch.Tensor expected) => ((ours - expected).norm() / expected.norm()).item<float>();
}
