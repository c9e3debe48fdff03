using System.Runtime.InteropServices;
using HyperSearch.Core.Trials;
using TorchSharp;

namespace HyperSearch.Training;

/// <summary>The process-wide state of the tensor library.</summary>
internal static class TorchRuntime
{
    // The library's errors have one type; only the text tells them apart.
    private static readonly string[] OutOfMemoryTexts = ["can't allocate memory", "out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "bad_alloc"];

    private static readonly Lazy<torch.Device> ChosenDevice = new(() => torch.cuda.is_available() ? torch.CUDA : torch.CPU);

    static TorchRuntime() => FreedMemory.Keep();

    /// <summary>Held by whoever trains: generator and threads are shared by the whole process.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>The device that models run on.</summary>
    public static torch.Device Device => ChosenDevice.Value;

    /// <summary>Version of libtorch.</summary>
    public static string Version => torch.__version__;

    /// <summary>Model name of the processor.</summary>
    public static string Cpu { get; } = ReadCpu();

    /// <summary>Sets the threads if they are others.</summary>
    public static void UseThreads(int threads)
    {
        if (torch.get_num_threads() != threads)
        {
            torch.set_num_threads(threads);
        }
    }

    /// <summary>Translates an error of the native library into a failure of the trial.</summary>
    public static TrainingException Translate(ExternalException exception) =>
        OutOfMemoryTexts.Any(t => exception.Message.Contains(t, StringComparison.OrdinalIgnoreCase))
            ? new(FailureKind.OutOfMemory, "The batch does not fit into memory: " + FirstLine(exception.Message), exception)
            : new(FailureKind.Internal, "The tensor library failed: " + FirstLine(exception.Message), exception);

    private static string FirstLine(string text) => text.Split('\n', 2)[0];

    private static string ReadCpu()
    {
        const string info = "/proc/cpuinfo";
        string? line = File.Exists(info) ? File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
