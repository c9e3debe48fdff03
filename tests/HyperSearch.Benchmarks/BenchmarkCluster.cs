using System.Globalization;
using HyperSearch.EndToEnd.Tests.Distributed;
using Npgsql;

namespace HyperSearch.Benchmarks;

/// <summary>API and workers as separate processes on a database of their own.</summary>
internal sealed class BenchmarkCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersearch-bench-").FullName;
    private readonly string _name = "bench_" + Guid.NewGuid().ToString("N");
    private readonly string _server;
    private readonly Dictionary<string, string> _settings;
    private readonly List<HostProcess> _hosts = [];
    private readonly List<HostProcess> _workers = [];

    private BenchmarkCluster(string postgres, string rabbit, int slots, IReadOnlyDictionary<string, string> settings)
    {
        _server = postgres;
        Database = new NpgsqlConnectionStringBuilder(postgres) { Database = _name }.ConnectionString;
        _settings = new(settings)
        {
            ["Database__Provider"] = "postgres",
            ["Database__ConnectionString"] = Database,
            ["Bus__Transport"] = "rabbitmq",
            ["Bus__Host"] = rabbit,
            ["Artifacts__Folder"] = Path.Combine(_folder, "artifacts"),
            ["Worker__Slots"] = slots.ToString(CultureInfo.InvariantCulture),
            ["Worker__WorkFolder"] = Path.Combine(_folder, "work"),
            ["ASPNETCORE_URLS"] = Client.Url,
        };
    }

    public StudyClient Client { get; } = new();

    public string Database { get; }

    /// <summary>Null, with a word about it, where the environment names no servers.</summary>
    /// <param name="workers">Worker processes.</param>
    /// <param name="slots">Slots of each.</param>
    /// <param name="settings">Settings beside the ones that name servers and folders.</param>
    public static async Task<BenchmarkCluster?> StartAsync(int workers, int slots, IReadOnlyDictionary<string, string> settings)
    {
        if (Environment.GetEnvironmentVariable("HYPERSEARCH_TEST_POSTGRES") is not { Length: > 0 } postgres
            || Environment.GetEnvironmentVariable("HYPERSEARCH_TEST_RABBITMQ") is not { Length: > 0 } rabbit)
        {
            Console.WriteLine("No servers, so nothing distributed.");
            return null;
        }

        BenchmarkCluster cluster = new(postgres, rabbit, slots, settings);
        await ExecuteAsync(postgres, $"CREATE DATABASE {cluster._name}");
        await using (HostProcess migration = HostProcess.Start("HyperSearch.Api", cluster._settings, "--migrate"))
        {
            await migration.WaitForExitAsync(CancellationToken.None);
        }

        cluster._hosts.Add(HostProcess.Start("HyperSearch.Api", cluster._settings));
        await cluster.Client.UntilReadyAsync();
        for (int i = 0; i < workers; i++)
        {
            cluster.StartWorker();
        }

        await cluster.Client.UntilWorkersAsync(workers);
        return cluster;
    }

    /// <summary>Starts one more worker, labelled with its place.</summary>
    public void StartWorker()
    {
        HostProcess worker = HostProcess.Start("HyperSearch.Worker", new Dictionary<string, string>(_settings)
        {
            ["Worker__Labels__place"] = $"worker {_workers.Count};",
        });
        _workers.Add(worker);
        _hosts.Add(worker);
    }

    /// <summary>The worker process that an incarnation is a life of.</summary>
    public async Task<HostProcess> FindWorkerAsync(Guid incarnation)
    {
        string labels = await ScalarAsync<string>($"SELECT labels FROM workers WHERE incarnation = '{incarnation}'") ?? "";
        return _workers[Enumerable.Range(0, _workers.Count).Single(i => labels.Contains($"worker {i};", StringComparison.Ordinal))];
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = new(Database);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HostProcess host in _hosts)
        {
            await host.DisposeAsync();
        }

        Client.Dispose();
        await ExecuteAsync(_server, $"DROP DATABASE {_name} WITH (FORCE)");
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
