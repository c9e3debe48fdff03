using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker.Slots;

/// <summary>How a child process is started.</summary>
internal sealed class ChildLaunch(IOptions<WorkerOptions> options, WorkFolder work, WorkerDevice device)
{
    // A child has no use for what lets its parent in.
    private static readonly string[] Withheld = ["Bus__", "ConnectionStrings__", "Access__", "Artifacts__", "AWS_"];

    public ProcessStartInfo For(string eventHandle)
    {
        IList<string> command = options.Value.ChildCommand is { Count: > 0 } given ? given : OwnCommand();
        ProcessStartInfo start = new(command[0], [.. command.Skip(1), WorkerHost.SlotVerb, eventHandle])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = work.Folder,
        };
        foreach (string name in start.Environment.Keys.Where(n => Withheld.Any(w => n.StartsWith(w, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            start.Environment.Remove(name);
        }

        // One heap without helper threads: a machine runs many children, and each has one busy thread.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        string threads = options.Value.ThreadsPerSlot.ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_NUM_THREADS"] = threads;
        start.Environment["MKL_NUM_THREADS"] = threads;
        start.Environment["CUDA_VISIBLE_DEVICES"] = device.VisibleDevices;
        return start;
    }

    private static string[] OwnCommand()
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process is unknown; set Worker:ChildCommand.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
    }
}
