using System.Runtime.InteropServices;

namespace HyperSearch.Worker.Segments;

/// <summary>The CPU's name, as people know it.</summary>
internal static class CpuModel
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static string Name { get; } = Read() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string? Read() => !File.Exists(CpuInfo)
        ? null
        : File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2) is [_, var name] ? name.Trim() : null;
}
