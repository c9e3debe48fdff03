using Npgsql;

namespace HyperSearch.Servers;

/// <summary>A PostgreSQL server that makes databases for tests and, when <c>tests/run</c> started it, can be stopped and killed.</summary>
internal sealed record PostgresServer(string MaintenanceConnection, ServerCommand? Control, string? SkipReason)
{
    public string DatabaseConnection(string database) =>
        new NpgsqlConnectionStringBuilder(MaintenanceConnection) { Database = database }.ConnectionString;

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(MaintenanceConnection);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Shuts the server down as an administrator does; connections end, new ones are refused.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => ControlOrSkip.RunAsync(["stop"], cancellationToken);

    /// <summary>Ends every process of the server at once.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => ControlOrSkip.RunAsync(["kill"], cancellationToken);

    /// <summary>Starts the server again and waits until it accepts connections.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => ControlOrSkip.RunAsync(["start"], cancellationToken);

    private ServerCommand ControlOrSkip
    {
        get
        {
            Assert.SkipWhen(Control is null, SkipReason ?? "this PostgreSQL cannot be stopped: HYPERSEARCH_TEST_POSTGRES_CONTROL is not set");
            return Control;
        }
    }
}
