using System.Globalization;
using System.Text.Json.Nodes;
using HyperSearch.EndToEnd.Tests.Distributed;

namespace HyperSearch.Benchmarks;

/// <summary>
/// Trials per second of a random study of one-epoch synthetic trials that take no time: what is left is the coordination.
/// The embedded host with four slots is the baseline that the others are divided by.
/// </summary>
internal static class StudyThroughput
{
    public static async Task RunAsync(int trials)
    {
        double embedded = await EmbeddedAsync(trials, slots: 4);
        Print("embedded, 4 slots", trials / embedded, 1);
        foreach (int slots in new[] { 4, 16 })
        {
            await using BenchmarkCluster? cluster = await BenchmarkCluster.StartAsync(workers: 2, slots, new Dictionary<string, string>());
            if (cluster is null)
            {
                return;
            }

            await cluster.Client.RunAsync(Study("warm-up", 8 * slots));
            double distributed = await cluster.Client.RunAsync(Study("measured", trials));
            Print($"2 workers, {slots} slots each", trials / distributed, embedded / distributed);
        }
    }

    private static async Task<double> EmbeddedAsync(int trials, int slots)
    {
        string data = Directory.CreateTempSubdirectory("hypersearch-bench-").FullName;
        using StudyClient client = new();
        await using (HostProcess host = HostProcess.Start("HyperSearch.Standalone", new Dictionary<string, string>(),
            "--urls", client.Url, "--data", data, "--slots", Invariant(slots)))
        {
            await client.UntilReadyAsync();
            await client.UntilWorkersAsync(1);
            await client.RunAsync(Study("warm-up", 4 * slots));
            double seconds = await client.RunAsync(Study("measured", trials));
            host.Kill();
            await host.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(data, recursive: true);
            return seconds;
        }
    }

    private static JsonObject Study(string name, int trials) => new()
    {
        ["name"] = name,
        ["model"] = "synthetic",
        ["algorithm"] = "random",
        ["search_space"] = new JsonObject { ["epochs"] = 1, ["learning_rate"] = new JsonObject { ["min"] = 1e-4, ["max"] = 1e-1, ["scale"] = "log" } },
        ["max_trials"] = trials,
        ["seed"] = 1,
    };

    private static void Print(string what, double perSecond, double ratio) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} {perSecond,8:0} trials/s   {ratio,5:0.00} x embedded"));

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
