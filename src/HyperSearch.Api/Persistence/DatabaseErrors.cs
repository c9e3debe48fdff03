using Microsoft.Data.Sqlite;
using Npgsql;

namespace HyperSearch.Api.Persistence;

/// <summary>What an exception of either provider means.</summary>
internal static class DatabaseErrors
{
    private const int SqliteConstraint = 19;

    /// <summary>A row of that key or unique name is there already.</summary>
    public static bool IsDuplicate(Exception error) => (error.InnerException ?? error) switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteConstraint,
        _ => false,
    };

    /// <summary>Another transaction held the row for longer than was to be waited.</summary>
    public static bool IsLockTimeout(Exception error) =>
        (error.InnerException ?? error) is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };
}
