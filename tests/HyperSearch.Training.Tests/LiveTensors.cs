using TorchSharp;

namespace HyperSearch.Training.Tests;

internal static class LiveTensors
{
    /// <summary>
    /// The tensors alive in the process, without those that earlier tests left to their finalizers: the garbage collector
    /// would take them at a moment of its own, in the middle of what is being counted.
    /// </summary>
    public static long Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
