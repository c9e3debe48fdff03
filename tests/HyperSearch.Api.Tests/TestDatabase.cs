using HyperSearch.Servers;

namespace HyperSearch.Api.Tests;

/// <summary>A database of one test: SQLite in the API's own folder, or a new one on the PostgreSQL server.</summary>
internal sealed class TestDatabase(bool onPostgres) : IAsyncDisposable
{
    private readonly PostgresDatabase? postgres = onPostgres ? new() : null;

    /// <summary>Its settings; skips the test where there is no server.</summary>
    public async Task<Dictionary<string, string>> CreateAsync()
    {
        if (postgres is null)
        {
            return new() { ["Database:Provider"] = "sqlite" };
        }

        await postgres.InitializeAsync();
        return new() { ["Database:Provider"] = "postgres", ["Database:ConnectionString"] = postgres.ConnectionString };
    }

    public ValueTask DisposeAsync() => postgres?.DisposeAsync() ?? ValueTask.CompletedTask;
}
