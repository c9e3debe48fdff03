using System.Globalization;
using System.Text.Json.Nodes;
using HyperSearch.EndToEnd.Tests.Distributed;
using Npgsql;

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
        if (Environment.GetEnvironmentVariable("HYPERSEARCH_TEST_POSTGRES") is not { Length: > 0 } postgres
            || Environment.GetEnvironmentVariable("HYPERSEARCH_TEST_RABBITMQ") is not { Length: > 0 } rabbit)
        {
            Console.WriteLine("No servers, so nothing distributed.");
            return;
        }

        foreach (int slots in new[] { 4, 16 })
        {
            double distributed = await DistributedAsync(trials, slots, postgres, rabbit);
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

    private static async Task<double> DistributedAsync(int trials, int slots, string postgres, string rabbit)
    {
        string data = Directory.CreateTempSubdirectory("hypersearch-bench-").FullName;
        string database = "bench_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(postgres, $"CREATE DATABASE {database}");
        using StudyClient client = new();
        Dictionary<string, string> settings = new()
        {
            ["Database__Provider"] = "postgres",
            ["Database__ConnectionString"] = new NpgsqlConnectionStringBuilder(postgres) { Database = database }.ConnectionString,
            ["Bus__Transport"] = "rabbitmq",
            ["Bus__Host"] = rabbit,
            ["Artifacts__Folder"] = Path.Combine(data, "artifacts"),
            ["Worker__Slots"] = Invariant(slots),
            ["Worker__WorkFolder"] = Path.Combine(data, "work"),
            ["ASPNETCORE_URLS"] = client.Url,
        };
        await using (HostProcess migration = HostProcess.Start("HyperSearch.Api", settings, "--migrate"))
        {
            await migration.WaitForExitAsync(CancellationToken.None);
        }

        double seconds;
        await using (HostProcess api = HostProcess.Start("HyperSearch.Api", settings))
        await using (HostProcess.Start("HyperSearch.Worker", settings))
        await using (HostProcess.Start("HyperSearch.Worker", settings))
        {
            await client.UntilReadyAsync();
            await client.UntilWorkersAsync(2);
            await client.RunAsync(Study("warm-up", 8 * slots));
            seconds = await client.RunAsync(Study("measured", trials));
        }

        await ExecuteAsync(postgres, $"DROP DATABASE {database} WITH (FORCE)");
        Directory.Delete(data, recursive: true);
        return seconds;
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

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static void Print(string what, double perSecond, double ratio) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} {perSecond,8:0} trials/s   {ratio,5:0.00} x embedded"));

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
