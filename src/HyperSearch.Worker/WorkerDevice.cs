using HyperSearch.Worker.Segments;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker;

/// <summary>The device this worker trains on, found without loading the tensor library: only children do that.</summary>
internal sealed class WorkerDevice
{
    private const string Gpus = "/proc/driver/nvidia/gpus";

    public WorkerDevice(IOptions<WorkerOptions> options)
    {
        Name = options.Value.Device switch
        {
            "auto" => HasCuda() ? "cuda:0" : "cpu",
            "cuda" => "cuda:0",
            var given => given,
        };
    }

    /// <summary><c>cpu</c> or <c>cuda:0</c> and so on.</summary>
    public string Name { get; }

    /// <summary>What people call it.</summary>
    public string Model => Name == "cpu" ? CpuModel.Name : GpuModel() ?? Name;

    /// <summary>The one device that a child may see.</summary>
    public string VisibleDevices => Name == "cpu" ? "" : Name["cuda:".Length..];

    private static bool HasCuda() =>
        Directory.Exists(Gpus) && Directory.EnumerateDirectories(Gpus).Any() && File.Exists(Path.Combine(AppContext.BaseDirectory, "libtorch_cuda.so"));

    private static string? GpuModel() => !Directory.Exists(Gpus)
        ? null
        : Directory.EnumerateFiles(Gpus, "information", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .FirstOrDefault(l => l.StartsWith("Model:", StringComparison.Ordinal))?["Model:".Length..].Trim();
}
