using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using HyperSearch.EndToEnd.Tests;

namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>The PyTorch side: a child process with Debian's PyTorch, told what to do line by line.</summary>
internal sealed class PyTorchProcess : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    /// <summary>Starts it; what it says of itself is in <see cref="Versions"/>.</summary>
    /// <param name="threads">Threads of its loops and of its BLAS.</param>
    public PyTorchProcess(int threads)
    {
        string count = threads.ToString(CultureInfo.InvariantCulture);
        string script = Path.Combine(Checkout.Root, "tests", "HyperSearch.Benchmarks", "AgainstPyTorch", "pytorch_loop.py");
        ProcessStartInfo start = new(Python, [script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string library in new[] { "OMP", "OPENBLAS", "MKL" })
        {
            start.Environment[$"{library}_NUM_THREADS"] = count;
        }

        _process = Process.Start(start)!;
        Versions = Answer();
    }

    /// <summary>Versions of PyTorch and Python, threads, and the BLAS.</summary>
    public JsonNode Versions { get; }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>Sends a command and waits for the answer.</summary>
    public JsonNode Ask(string verb, JsonObject arguments)
    {
        _process.StandardInput.WriteLine(new JsonObject { [verb] = arguments }.ToJsonString());
        _process.StandardInput.Flush();
        return Answer();
    }

    /// <summary>Trains.</summary>
    public TimedLoss Run(int steps, string optimizer)
    {
        JsonNode answer = Ask("run", new() { ["steps"] = steps, ["optimizer"] = optimizer });
        return new(answer["seconds"]!.GetValue<double>(), answer["processor"]!.GetValue<double>(), answer["loss"]!.GetValue<double>());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonNode Answer() => _process.StandardOutput.ReadLine() is { } line
        ? JsonNode.Parse(line)!
        : throw new InvalidOperationException($"{Python} with PyTorch has ended; its message stands above.");
}
