using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.EndToEnd.Tests.Distributed;

namespace HyperSearch.Benchmarks;

/// <summary>Epochs per second of equal trials of the sample, by slots and threads of a slot: the embedded host with its child processes.</summary>
internal static class SlotThroughput
{
    private const int Epochs = 6;

    private static readonly (int Slots, int Threads)[] Settings = [(1, 1), (1, 2), (2, 1), (2, 2), (4, 1), (4, 2)];

    /// <summary>Prints the table and which setting wins.</summary>
    /// <param name="rounds">Rounds over all settings; a figure is their median.</param>
    /// <param name="trials">Trials of a measured study; a multiple of four leaves no slot idle at the end.</param>
    public static async Task RunAsync(int rounds, int trials)
    {
        Dictionary<(int, int), List<double>> speeds = Settings.ToDictionary(s => s, _ => new List<double>());
        for (int round = 0; round < rounds; round++)
        {
            foreach ((int slots, int threads) in Settings)
            {
                speeds[(slots, threads)].Add(trials * Epochs / await MeasureAsync(slots, threads, trials));
            }
        }

        Console.WriteLine($"\n{trials} trials of {Epochs} epochs, medians of {rounds} rounds, {Environment.ProcessorCount} cores\n");
        Console.WriteLine("| slots | threads a slot | epochs/s | of 1 slot with 1 thread |");
        Console.WriteLine("|---:|---:|---:|---:|");
        double first = Statistics.Median(speeds[(1, 1)]);
        foreach ((int slots, int threads) in Settings)
        {
            double speed = Statistics.Median(speeds[(slots, threads)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {slots} | {threads} | {speed:0.00} | {speed / first:0.00} |"));
        }

        (int bestSlots, int bestThreads) = Settings.MaxBy(s => Statistics.Median(speeds[s]));
        Console.WriteLine($"\n{bestSlots} slots with {bestThreads} threads each win.");
    }

    private static async Task<double> MeasureAsync(int slots, int threads, int trials)
    {
        string data = Directory.CreateTempSubdirectory("hypersearch-bench-").FullName;
        using StudyClient client = new();
        Dictionary<string, string> settings = new() { ["Worker__ThreadsPerSlot"] = threads.ToString(CultureInfo.InvariantCulture) };
        await using HostProcess host = HostProcess.Start(
            "HyperSearch.Standalone", settings, "--urls", client.Url, "--data", data, "--slots", slots.ToString(CultureInfo.InvariantCulture));
        await client.UntilReadyAsync();
        await client.UntilWorkersAsync(1);

        // Every slot's child has loaded its library and its data before the clock starts.
        await client.RunAsync(Study("warm-up", slots, epochs: 1));
        double seconds = await client.RunAsync(Study("measured", trials, Epochs));
        await CheckThreadsAsync(client, threads);
        host.Kill();
        await host.WaitForExitAsync(CancellationToken.None);
        Directory.Delete(data, recursive: true);
        return seconds;
    }

    // A setting that does not arrive would make two rows of one.
    private static async Task CheckThreadsAsync(StudyClient client, int threads)
    {
        JsonElement items = (await client.GetAsync("/v1/studies/measured/trials")).GetProperty("items");
        if (items.EnumerateArray().FirstOrDefault(t => t.GetProperty("state").GetString() != "completed" || t.GetProperty("threads").GetInt32() != threads) is { ValueKind: JsonValueKind.Object } wrong)
        {
            throw new InvalidOperationException($"Not a trial that completed with {threads} threads: {wrong}");
        }
    }

    private static JsonObject Study(string name, int trials, int epochs) => new()
    {
        ["name"] = name,
        ["model"] = "convnet",
        ["dataset"] = "fashion-mnist-sample",
        ["algorithm"] = "random",
        ["search_space"] = new JsonObject
        {
            ["epochs"] = epochs,
            ["batch_size"] = 32,
            ["frozen_blocks"] = 0,
            ["learning_rate"] = new JsonObject { ["min"] = 1e-4, ["max"] = 1e-3, ["scale"] = "log" },
        },
        ["baseline"] = false,
        ["max_trials"] = trials,
        ["seed"] = 1,
    };
}
