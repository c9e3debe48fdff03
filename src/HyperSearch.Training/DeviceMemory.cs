using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace HyperSearch.Training;

/// <summary>
/// Memory that this process holds on GPUs, as <c>nvidia-smi</c> tells it. libtorch's allocator keeps what it once needed,
/// so that the most that was seen is usually the most there was.
/// </summary>
/// <param name="tool">The program that is asked.</param>
/// <param name="patience">How long it may take.</param>
internal sealed class DeviceMemory(string tool, TimeSpan patience)
{
    private const string Tool = "nvidia-smi";
    private const long Mebibyte = 1 << 20;

    // With a driver that is broken the tool can wait for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private bool _silent;

    public DeviceMemory() : this(Tool, Patience)
    {
    }

    /// <summary>Most bytes on all GPUs together that were seen; null where the tool is missing, fails, or does not know this process, as in many containers.</summary>
    public long? Peak { get; private set; }

    /// <summary>Asks once more. A tool that said nothing is not asked again: it may have taken all its time for that.</summary>
    public void Look()
    {
        long? bytes = _silent ? null : Ask();
        _silent = bytes is null;
        Peak = bytes > (Peak ?? 0) ? bytes : Peak;
    }

    private long? Ask()
    {
        ProcessStartInfo start = new(tool, ["--query-compute-apps=pid,used_gpu_memory", "--format=csv,noheader,nounits"])
        {
            // Standard input of a worker's child is the pipe of its commands.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(patience))
            {
                process.Kill();
                return null;
            }

            return process.ExitCode == 0 && output.Wait(patience) ? Parse(output.Result, Environment.ProcessId) : null;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or AggregateException { InnerException: IOException })
        {
            // It is not installed, or it ended while it was asked: a figure is missing, the trial goes on.
            return null;
        }
    }

    /// <summary>Sums what a process has on all GPUs.</summary>
    /// <param name="table">Lines of process id and MiB, apart by a comma.</param>
    /// <param name="process">The process.</param>
    internal static long? Parse(string table, int process)
    {
        long? sum = null;
        foreach (string line in table.Split('\n'))
        {
            string[] cells = line.Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length == 2 && int.TryParse(cells[0], CultureInfo.InvariantCulture, out int id) && id == process
                && long.TryParse(cells[1], CultureInfo.InvariantCulture, out long used))
            {
                sum = (sum ?? 0) + used * Mebibyte;
            }
        }

        return sum;
    }
}
