using System.Globalization;
using System.Text.Json.Nodes;
using HyperSearch.EndToEnd.Tests.Distributed;

namespace HyperSearch.Benchmarks;

/// <summary>What the demo costs and what it wins: time, peak memory of the process tree, validation and test of winner and baseline.</summary>
internal static class DemoCost
{
    public static async Task RunAsync(int runs)
    {
        for (int seed = 1; seed <= runs; seed++)
        {
            await RunOnceAsync(seed);
        }
    }

    private static async Task RunOnceAsync(int seed)
    {
        string data = Directory.CreateTempSubdirectory("hypersearch-bench-").FullName;
        using StudyClient client = new();
        long start = TimeProvider.System.GetTimestamp();
        await using HostProcess host = HostProcess.Start("HyperSearch.Standalone", new Dictionary<string, string>(), "--urls", client.Url, "--data", data);
        using CancellationTokenSource done = new();
        Task<long> peak = PeakAsync(host.Id, done.Token);
        await client.UntilReadyAsync();
        await client.RunAsync(new JsonObject
        {
            ["name"] = "demo",
            ["model"] = "convnet",
            ["dataset"] = "fashion-mnist-sample",
            ["algorithm"] = new JsonObject { ["name"] = "successive_halving", ["max_epochs"] = 9 },
            ["max_trials"] = 27,
            ["seed"] = seed,
        });
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        await done.CancelAsync();
        double megabytes = await peak / 1048576.0;
        System.Text.Json.JsonElement study = await client.GetAsync("/v1/studies/demo");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: {seconds:0.0} s, peak {megabytes:0} MB; best {Value(study, "best")}, baseline {Value(study, "baseline")}; test {study.GetProperty("test")}, beats_baseline {study.GetProperty("beats_baseline")}"));
        host.Kill();
        await host.WaitForExitAsync(CancellationToken.None);
        Directory.Delete(data, recursive: true);
    }

    private static string Value(System.Text.Json.JsonElement study, string row) => study.GetProperty(row).GetProperty("value").GetDouble().ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>The largest sum of resident memory over the process and its children, sampled from /proc.</summary>
    private static async Task<long> PeakAsync(int root, CancellationToken done)
    {
        long peak = 0;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(250));
        while (!done.IsCancellationRequested)
        {
            peak = Math.Max(peak, Tree(root).Sum(Resident));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return peak;
    }

    private static IEnumerable<int> Tree(int root)
    {
        ILookup<int, int> children = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), out int id) ? id : 0).Where(id => id > 0)
            .Select(id => (Parent: Parent(id), Id: id)).ToLookup(p => p.Parent, p => p.Id);
        Queue<int> todo = new([root]);
        while (todo.TryDequeue(out int id))
        {
            yield return id;
            foreach (int child in children[id])
            {
                todo.Enqueue(child);
            }
        }
    }

    private static int Parent(int id) => Field($"/proc/{id}/status", "PPid:") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static long Resident(int id) => Field($"/proc/{id}/status", "VmRSS:") is { } text ? long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) * 1024 : 0;

    private static string? Field(string file, string name)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
        }
        catch (IOException)
        {
            // The process has ended meanwhile.
            return null;
        }
    }
}
