using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Servers;
using Npgsql;

namespace HyperSearch.EndToEnd.Tests.Distributed;

/// <summary>API and workers as separate processes on PostgreSQL and RabbitMQ, with the short leases that tests use.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const double LeaseSeconds = 4;

    private readonly Dictionary<string, string> _environment;
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersearch-cluster-").FullName;
    private readonly List<HostProcess> _hosts = [];
    private readonly PostgresDatabase _database;
    private readonly RabbitMqVhost _vhost;

    private Cluster(PostgresDatabase database, RabbitMqVhost vhost, double graceSeconds)
    {
        (_database, _vhost) = (database, vhost);
        Url = $"http://127.0.0.1:{FreePort()}";
        Http = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(30) };
        _environment = new()
        {
            ["Database__Provider"] = "postgres",
            ["Database__ConnectionString"] = database.ConnectionString,
            ["Bus__Transport"] = "rabbitmq",
            ["Bus__Host"] = vhost.Uri.ToString(),
            ["Artifacts__Folder"] = Path.Combine(_folder, "artifacts"),
            ["Worker__HeartbeatSeconds"] = "0.5",
            ["Coordination__LeaseSeconds"] = Invariant(LeaseSeconds),
            ["Coordination__ReconnectGraceSeconds"] = Invariant(graceSeconds),
            ["Coordination__CheckpointIntervalS"] = "0",
            ["ASPNETCORE_URLS"] = Url,
        };
    }

    public string Url { get; }

    public HttpClient Http { get; }

    public RabbitMqServer Broker => _vhost.Server;

    public PostgresServer Database => _database.Server;

    public HostProcess Api { get; private set; } = null!;

    public List<HostProcess> Workers { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts an API and workers on a database and a virtual host of their own; ready when all are registered.</summary>
    public static async Task<Cluster> StartAsync(int workers = 2, int slots = 2, double graceSeconds = 5)
    {
        PostgresDatabase database = new();
        RabbitMqVhost vhost = new();
        await database.InitializeAsync();
        await vhost.InitializeAsync();
        Cluster cluster = new(database, vhost, graceSeconds);
        await cluster.MigrateAsync();
        await cluster.StartApiAsync();
        for (int i = 0; i < workers; i++)
        {
            cluster.StartWorker(slots);
        }

        await cluster.UntilAsync("all workers are registered", async () => (await cluster.LivingWorkersAsync()) == workers);
        return cluster;
    }

    public async Task StartApiAsync()
    {
        Api = HostProcess.Start("HyperSearch.Api", _environment);
        _hosts.Add(Api);
        await UntilAsync("the API is ready", async () =>
        {
            if (Api.HasExited)
            {
                throw new InvalidOperationException($"The API ended: {Api.Output}");
            }

            try
            {
                return (await Http.GetAsync("/health/ready", Cancellation)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    public HostProcess StartWorker(int slots)
    {
        HostProcess worker = HostProcess.Start("HyperSearch.Worker", new Dictionary<string, string>(_environment)
        {
            ["Worker__Slots"] = slots.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Worker__WorkFolder"] = Path.Combine(_folder, "work"),
            ["Worker__Labels__place"] = $"worker {Workers.Count}",
        });
        _hosts.Add(worker);
        Workers.Add(worker);
        return worker;
    }

    public async Task<string> SubmitAsync(JsonObject study)
    {
        HttpResponseMessage response = await Http.PostAsJsonAsync("/v1/studies", study, Cancellation);
        string body = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, body);
        return JsonNode.Parse(body)!["id"]!.GetValue<string>();
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await Http.GetStringAsync(path, Cancellation));
        return document.RootElement.Clone();
    }

    /// <summary>All trials of a study by number, the baseline included.</summary>
    public async Task<List<JsonElement>> TrialsAsync(string study)
    {
        List<JsonElement> trials = [];
        string? next = $"/v1/studies/{study}/trials?sort=number&limit=500";
        while (next is not null)
        {
            JsonElement page = await GetAsync(next);
            trials.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next_cursor").GetString() is { } cursor ? $"/v1/studies/{study}/trials?sort=number&limit=500&cursor={Uri.EscapeDataString(cursor)}" : null;
        }

        return trials;
    }

    public async Task<JsonElement> UntilFinalAsync(string study, double seconds = 120)
    {
        JsonElement last = default;
        await UntilAsync($"study {study} is final", async () =>
        {
            last = await GetAsync($"/v1/studies/{study}");
            return last.GetProperty("state").GetString() is "completed" or "stopped" or "cancelled" or "failed";
        }, seconds);
        return last;
    }

    /// <summary>Until the API has its servers back.</summary>
    public Task UntilAnswersAsync() => UntilAsync("the API is ready again", async () =>
        (await Http.GetAsync("/health/ready", Cancellation)).IsSuccessStatusCode && (await Http.GetAsync("/v1/studies", Cancellation)).IsSuccessStatusCode);

    /// <summary>Polls a condition; fails with what the processes said when the time is over.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> condition, double seconds = 60)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start).TotalSeconds > seconds)
            {
                Assert.Fail($"Not in {seconds} s: {what}\n{string.Join("\n----\n", _hosts.Select(h => h.Output))}");
            }

            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        // Not from a pool: tests stop the server, and a kept connection would not know.
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using NpgsqlCommand command = new(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    public async Task<long> LivingWorkersAsync() =>
        (await GetAsync("/v1/workers")).GetProperty("items").EnumerateArray().Count(w => w.GetProperty("state").GetString() == "active");

    /// <summary>The life of the worker that was started in that place.</summary>
    public Task<Guid> IncarnationAsync(int place) =>
        ScalarAsync<Guid>($"SELECT incarnation FROM workers WHERE labels LIKE '%worker {place}%'");

    /// <summary>Whatever happened: every trial is final, and no report is missing or there twice.</summary>
    public async Task ShouldBeWholeAsync(string study)
    {
        List<JsonElement> trials = await TrialsAsync(study);
        foreach (JsonElement trial in trials)
        {
            string state = trial.GetProperty("state").GetString()!;
            state.ShouldBeOneOf("completed", "pruned", "failed", "cancelled");
            int number = trial.GetProperty("number").GetInt32();
            JsonElement reports = (await GetAsync($"/v1/studies/{study}/trials/{(number < 0 ? "baseline" : number)}/reports")).GetProperty("items");
            reports.EnumerateArray().Select(r => r.GetProperty("epoch").GetInt32())
                .ShouldBe(Enumerable.Range(1, trial.GetProperty("epochs").GetInt32()), $"trial {number}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HostProcess host in _hosts)
        {
            await host.DisposeAsync();
        }

        Http.Dispose();
        await _vhost.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task MigrateAsync()
    {
        await using HostProcess migration = HostProcess.Start("HyperSearch.Api", _environment, "--migrate");
        await migration.WaitForExitAsync(Cancellation);
        migration.ExitCode.ShouldBe(0, migration.Output);
    }

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Invariant(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
