using Npgsql;

namespace HyperSearch.Servers;

/// <summary>A class fixture: one new, empty PostgreSQL database, dropped at the end.</summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
    private readonly string name = "hypersearch_" + Guid.NewGuid().ToString("N");
    private PostgresServer? server;

    /// <summary>Skips the test that asks when there is no server.</summary>
    public string ConnectionString => Server.DatabaseConnection(name);

    internal PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(server?.SkipReason is not null, server?.SkipReason ?? "");
            return server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        server = await TestServers.PostgresAsync();
        if (server.SkipReason is null)
        {
            await server.ExecuteAsync($"CREATE DATABASE {name}", CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is { SkipReason: null })
        {
            NpgsqlConnection.ClearAllPools();
            await server.ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", CancellationToken.None);
        }
    }
}
