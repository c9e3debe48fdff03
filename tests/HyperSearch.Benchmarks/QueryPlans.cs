using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace HyperSearch.Benchmarks;

/// <summary>How a database carries out commands that read or change rows by a condition.</summary>
internal static class QueryPlans
{
    /// <summary>Prints the plan of each different command; on PostgreSQL with the rows that it really took and the pages that it read.</summary>
    public static async Task PrintAsync(ScratchDatabase database, IEnumerable<SentCommand> commands)
    {
        bool onPostgres = database.Dbs.IsPostgres;
        foreach (SentCommand command in commands.Where(IsOne).DistinctBy(c => c.Text))
        {
            Console.WriteLine(string.Join('\n', command.Text.Split('\n').Where(l => !l.StartsWith("-- ", StringComparison.Ordinal)).Select(l => "    " + l.TrimEnd())));
            await using DbConnection connection = onPostgres ? new NpgsqlConnection(database.ConnectionString) : new SqliteConnection(database.ConnectionString);
            await connection.OpenAsync();
            await using DbTransaction undone = await connection.BeginTransactionAsync();
            await using DbCommand explain = connection.CreateCommand();
            explain.Transaction = undone;
            explain.CommandText = (onPostgres ? "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " : "EXPLAIN QUERY PLAN ") + command.Text;
            explain.Parameters.AddRange(command.Parameters);
            await using DbDataReader lines = await explain.ExecuteReaderAsync();
            while (await lines.ReadAsync())
            {
                Console.WriteLine("    => " + lines.GetValue(lines.FieldCount - 1));
            }

            Console.WriteLine();
        }
    }

    private static bool IsOne(SentCommand command)
    {
        string text = command.Text.TrimStart();
        return (text.StartsWith("SELECT", StringComparison.Ordinal) || text.StartsWith("UPDATE", StringComparison.Ordinal) || text.StartsWith("DELETE", StringComparison.Ordinal))
            && !text.TrimEnd().TrimEnd(';').Contains(";\n", StringComparison.Ordinal);
    }
}
