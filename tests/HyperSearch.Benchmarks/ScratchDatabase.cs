using HyperSearch.Api;
using HyperSearch.Api.Persistence;
using HyperSearch.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace HyperSearch.Benchmarks;

/// <summary>The API's services on a new database of their own; nothing listens, offers or expires in the background.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersearch-bench-").FullName;
    private readonly string _name = "bench_" + Guid.NewGuid().ToString("N");
    private readonly string? _server;
    private readonly WebApplication _app;

    private ScratchDatabase(string? server)
    {
        _server = server;
        ConnectionString = server is null
            ? $"Data Source={Path.Combine(_folder, "bench.db")};Default Timeout=30"
            : new NpgsqlConnectionStringBuilder(server) { Database = _name }.ConnectionString;
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = server is null ? "sqlite" : "postgres",
            ["Database:ConnectionString"] = ConnectionString,
            ["Artifacts:Folder"] = Path.Combine(_folder, "artifacts"),
        });
        builder.Logging.ClearProviders();
        ApiHost api = new();
        api.AddServices(builder.Services);
        builder.Services.AddSearchBus(new BusOptions(), [api.BusPart]);
        _app = builder.Build();
    }

    public string ConnectionString { get; }

    public SearchDbs Dbs => Get<SearchDbs>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="server">A PostgreSQL server; null for a SQLite file.</param>
    public static async Task<ScratchDatabase> CreateAsync(string? server)
    {
        ScratchDatabase database = new(server);
        if (server is not null)
        {
            await database.ExecuteAsync($"CREATE DATABASE {database._name}");
        }

        await new ApiHost().MigrateAsync(database._app.Services, CancellationToken.None);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_server is null)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }
        else
        {
            await ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(_server);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
