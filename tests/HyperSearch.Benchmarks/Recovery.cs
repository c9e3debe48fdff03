using System.Globalization;
using System.Text.Json.Nodes;
using HyperSearch.EndToEnd.Tests.Distributed;

namespace HyperSearch.Benchmarks;

/// <summary>
/// Seconds from the kill -9 of the worker that runs a trial to the assignment of that trial to another. The promise is at
/// most twice the lease, which is short here so that many kills fit.
/// </summary>
internal static class Recovery
{
    private const double LeaseSeconds = 2;

    public static async Task RunAsync(int kills)
    {
        await using BenchmarkCluster? cluster = await BenchmarkCluster.StartAsync(workers: 2, slots: 1, new Dictionary<string, string>
        {
            ["Coordination__LeaseSeconds"] = "2",
            ["Coordination__ReconnectGraceSeconds"] = "5",
            ["Coordination__CheckpointIntervalS"] = "0",
            ["Worker__HeartbeatSeconds"] = "0.5",
        });
        if (cluster is null)
        {
            return;
        }

        await cluster.Client.SubmitAsync(new JsonObject
        {
            ["name"] = "kills",
            ["model"] = new JsonObject { ["family"] = "synthetic", ["epoch_ms"] = 200 },
            ["algorithm"] = "random",
            ["search_space"] = new JsonObject { ["epochs"] = 10_000, ["learning_rate"] = new JsonObject { ["min"] = 1e-4, ["max"] = 1e-1, ["scale"] = "log" } },
            ["max_trials"] = 1,
            ["baseline"] = false,
        });
        List<double> seconds = [];
        for (int kill = 1; kill <= kills; kill++)
        {
            // Each attempt gets to a new checkpoint, so that no loss is one too many.
            await StudyClient.UntilAsync(async () =>
                await cluster.ScalarAsync<long>("SELECT count(*) FROM trials WHERE state = 'Running' AND checkpoint_epoch > from_epoch") == 1
                && await cluster.ScalarAsync<long>("SELECT count(*) FROM workers WHERE state = 'Active'") == 2);
            HostProcess victim = await cluster.FindWorkerAsync(await cluster.ScalarAsync<Guid>("SELECT incarnation FROM trials"));
            DateTime killed = await cluster.ScalarAsync<DateTime>("SELECT clock_timestamp()");
            victim.Kill();
            await StudyClient.UntilAsync(async () => await cluster.ScalarAsync<int>("SELECT attempt FROM trials") > kill);
            seconds.Add((await cluster.ScalarAsync<DateTime>("SELECT assigned_at FROM trials") - killed).TotalSeconds);
            cluster.StartWorker();
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kills} kills, lease {LeaseSeconds} s: assigned again after {seconds.Min():0.00} to {seconds.Max():0.00} s, median {Statistics.Median(seconds):0.00} s; the promise is {2 * LeaseSeconds} s"));
    }
}
