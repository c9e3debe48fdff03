using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace HyperSearch.Api.Persistence;

/// <summary>Tells trouble with the database or the network, which passes, from trouble with what was asked, which does not.</summary>
internal static class Infrastructure
{
    // Generic error, constraint, mismatch: the statement's own fault. Full, busy, locked, input or output: not.
    private static readonly int[] sqliteStatementErrors = [1, 19, 20];

    /// <summary>Whether the same can work later.</summary>
    public static bool IsToBlame(Exception? error) => error switch
    {
        null => false,
        SqliteException sqlite => !sqliteStatementErrors.Contains(sqlite.SqliteErrorCode),
        DbException { IsTransient: true } or TimeoutException or IOException or SocketException => true,
        // 57P: the server is shutting down or starting.
        PostgresException postgres => postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        _ => IsToBlame(error.InnerException),
    };
}
