using HyperSearch.Servers;
using Npgsql;

namespace HyperSearch.EndToEnd.Tests.Servers;

public sealed class PostgresTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Database_OfThisClass_IsEmptyAndUtf8()
    {
        (await ScalarAsync("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")).ShouldBe(0L);
        (await ScalarAsync("SHOW server_encoding")).ShouldBe("UTF8");
    }

    [Fact]
    public async Task Stop_ThenStart_RefusesThenAccepts()
    {
        await database.Server.StopAsync(Cancellation);
        try
        {
            await Should.ThrowAsync<NpgsqlException>(() => ScalarAsync("SELECT 1"));
        }
        finally
        {
            await database.Server.StartAsync(Cancellation);
        }

        (await ScalarAsync("SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Kill_AfterCommit_KeepsTheRow()
    {
        await ScalarAsync("CREATE TABLE kept (id integer)");
        await ScalarAsync("INSERT INTO kept VALUES (7)");

        await database.Server.KillAsync(Cancellation);
        try
        {
            await Should.ThrowAsync<NpgsqlException>(() => ScalarAsync("SELECT 1"));
        }
        finally
        {
            await database.Server.StartAsync(Cancellation);
        }

        (await ScalarAsync("SELECT id FROM kept")).ShouldBe(7);
        await ScalarAsync("DROP TABLE kept");
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        string connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
