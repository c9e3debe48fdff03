using HyperSearch.Api.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// One dispatcher per pool at a time: on PostgreSQL a session lock on a connection of its own; when that breaks the locks
/// are gone, and this replica offers nothing until it has them again. With SQLite there is one process.
/// </summary>
internal sealed class PoolLocks(IOptions<DatabaseOptions> options) : IAsyncDisposable
{
    private readonly HashSet<string> _held = [];
    private NpgsqlConnection? _connection;

    /// <summary>Whether this replica offers the pool's slots; tries to get the lock if nobody has it.</summary>
    public async Task<bool> HoldsAsync(string pool, CancellationToken cancellationToken)
    {
        if (!options.Value.IsPostgres)
        {
            return true;
        }

        try
        {
            NpgsqlConnection connection = await ConnectAsync(cancellationToken);
            bool held = _held.Contains(pool);
            await using NpgsqlCommand command = connection.CreateCommand();
            // A held lock is asked for nothing but whether its connection still lives.
            command.CommandText = held ? "SELECT true" : "SELECT pg_try_advisory_lock(hashtextextended($1, 0))";
            if (!held)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = pool });
            }

            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                _held.Add(pool);
                return true;
            }

            return false;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _held.Clear();
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            NpgsqlConnectionStringBuilder own = new(options.Value.ConnectionString) { Pooling = false, KeepAlive = 10 };
            _connection = new NpgsqlConnection(own.ConnectionString);
            await _connection.OpenAsync(cancellationToken);
        }

        return _connection;
    }
}
