using System.Globalization;
using System.Text.Json;
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
            await RunOnceAsync($"seed {seed}", Demo(seed), keeps: true);
        }
    }

    /// <summary>The demo over all depths of freezing, with and without keeping the output of frozen blocks, in turn.</summary>
    public static async Task RunFrozenAsync(int pairs)
    {
        JsonObject study = Demo(seed: 42);
        study["search_space"] = JsonNode.Parse("""
            {"learning_rate": {"min": 1e-4, "max": 1e-2, "scale": "log"}, "dropout": {"min": 0, "max": 0.5}, "frozen_blocks": {"min": 0, "max": 4}}
            """);
        List<(double Kept, double Plain)> seconds = [];
        for (int pair = 1; pair <= pairs; pair++)
        {
            seconds.Add((await RunOnceAsync($"pair {pair}, kept", study, keeps: true), await RunOnceAsync($"pair {pair}, not kept", study, keeps: false)));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"27 trials over 0 to 4 of 4 frozen blocks: {Statistics.Median(seconds.Select(s => s.Kept)):0.0} s with, {Statistics.Median(seconds.Select(s => s.Plain)):0.0} s without, {Statistics.Median(seconds.Select(s => s.Plain / s.Kept)):0.00} times"));
    }

    private static async Task<double> RunOnceAsync(string name, JsonObject request, bool keeps)
    {
        string data = Directory.CreateTempSubdirectory("hypersearch-bench-").FullName;
        using StudyClient client = new();
        long start = TimeProvider.System.GetTimestamp();
        await using HostProcess host = HostProcess.Start("HyperSearch.Standalone", new Dictionary<string, string> { ["Worker__KeepsFeatures"] = keeps ? "true" : "false" }, "--urls", client.Url, "--data", data);
        using CancellationTokenSource done = new();
        Task<long> peak = PeakAsync(host.Id, done.Token);
        await client.UntilReadyAsync();
        await client.UntilWorkersAsync(1);
        double first = await client.UntilFirstReportAsync(request);
        await StudyClient.UntilAsync(async () => (await client.GetAsync("/v1/studies/demo")).GetProperty("state").GetString() is "completed" or "failed");
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        await done.CancelAsync();
        double megabytes = await peak / 1048576.0;
        JsonElement study = await client.GetAsync("/v1/studies/demo");
        string best = await RowAsync(client, study, "best");
        string baseline = await RowAsync(client, study, "baseline");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {seconds:0.0} s, first report {first:0.0} s after the request, peak {megabytes:0} MB; best {best}, baseline {baseline}; test {study.GetProperty("test")}, beats_baseline {study.GetProperty("beats_baseline")}"));
        host.Kill();
        await host.WaitForExitAsync(CancellationToken.None);
        Directory.Delete(data, recursive: true);
        return seconds;
    }

    private static JsonObject Demo(int seed) => new()
    {
        ["name"] = "demo",
        ["model"] = "convnet",
        ["dataset"] = "fashion-mnist-sample",
        ["algorithm"] = new JsonObject { ["name"] = "successive_halving", ["max_epochs"] = 9 },
        ["max_trials"] = 27,
        ["seed"] = seed,
    };

    /// <summary>Validation loss and accuracy of a row at its best epoch.</summary>
    private static async Task<string> RowAsync(StudyClient client, JsonElement study, string row)
    {
        JsonElement entry = study.GetProperty(row);
        int number = entry.GetProperty("number").GetInt32();
        JsonElement reports = await client.GetAsync($"/v1/studies/demo/trials/{(number < 0 ? "baseline" : number)}/reports");
        double accuracy = reports.GetProperty("items").EnumerateArray()
            .Single(r => r.GetProperty("epoch").GetInt32() == entry.GetProperty("best_epoch").GetInt32()).GetProperty("val_accuracy").GetDouble();
        return string.Create(CultureInfo.InvariantCulture, $"{entry.GetProperty("value").GetDouble():0.0000} / {accuracy:0.000}");
    }

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
