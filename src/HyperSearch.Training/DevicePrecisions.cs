using System.Runtime.InteropServices;
using HyperSearch.Core.Studies;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training;

/// <summary>What the device of this process can train in.</summary>
public static class DevicePrecisions
{
    // CUDA driver API, CUdevice_attribute: bfloat16 has units of its own from compute capability 8.0 on.
    private const int ComputeCapabilityMajor = 75;
    private const int FirstWithBfloat16 = 8;

    // Eight bits of a significand, over few sums.
    private const double Tolerance = 0.03;

    /// <summary>
    /// The names in <see cref="Precisions"/> of those that work: <c>fp32</c>, and <c>bf16</c> where a small convolution and
    /// linear layer come out right in it, forward and backward; on CUDA from compute capability 8.0 on.
    /// </summary>
    public static IReadOnlyList<string> Find()
    {
        lock (TorchRuntime.Gate)
        {
            try
            {
                return HasUnits() && Works() ? [Precisions.Fp32, Precisions.Bf16] : [Precisions.Fp32];
            }
            catch (ExternalException)
            {
                // The library has no such kernel for this device.
                return [Precisions.Fp32];
            }
        }
    }

    private static bool HasUnits() =>
        TorchRuntime.Device.type != DeviceType.CUDA || !OperatingSystem.IsLinux()
        || (cuInit(0) == 0 && cuDeviceGetAttribute(out int major, ComputeCapabilityMajor, 0) == 0 && major >= FirstWithBfloat16);

    private static bool Works()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor[] whole = OutputAndGradients(Precision.Fp32), reduced = OutputAndGradients(Precision.Bf16);
        return whole.Zip(reduced).All(p => (p.First - p.Second).abs().max().item<float>() <= Tolerance * p.First.abs().max().item<float>());
    }

    private static torch.Tensor[] OutputAndGradients(Precision precision)
    {
        torch.Tensor images = Ramp(2, 8, 8, 8), kernels = Ramp(8, 8, 3, 3).requires_grad_(true), weights = Ramp(4, 8).requires_grad_(true);
        torch.Tensor convolved = precision.Convolution(images, kernels, null, [1, 1], [1, 1], [1, 1], 1);
        torch.Tensor y = precision.Linear(convolved.mean([2, 3]), weights, Ramp(4));
        y.square().sum().backward();
        return [y.detach(), kernels.grad!, weights.grad!];
    }

    // Without a generator, whose state belongs to the trials, and all of one sign, so that nothing cancels out.
    private static torch.Tensor Ramp(params long[] shape) =>
        torch.arange(shape.Aggregate(1L, (a, b) => a * b), dtype: torch.ScalarType.Float32).sin().add(2).view(shape).to(TorchRuntime.Device);

    [DllImport("libcuda.so.1")]
    private static extern int cuInit(uint flags);

    [DllImport("libcuda.so.1")]
    private static extern int cuDeviceGetAttribute(out int value, int attribute, int device);
}
