using System.Data.Common;
using System.Globalization;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Studies;
using HyperSearch.Api.Trials;
using HyperSearch.Api.Workers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace HyperSearch.Api.Persistence;

/// <summary>PostgreSQL: row locks, the server's clock, arrays.</summary>
internal sealed class PostgresDialect : ISqlDialect
{
    public static PostgresDialect Instance { get; } = new();

    private PostgresDialect()
    {
    }

    // NO KEY: rows that refer to the study can be inserted meanwhile.
    public async Task<DateTimeOffset?> LockStudyAsync(SearchDb db, string studyId, TimeProvider time, CancellationToken cancellationToken)
    {
        await using DbCommand command = await CommandAsync(db, "SELECT clock_timestamp() FROM studies WHERE id = @id FOR NO KEY UPDATE", cancellationToken);
        command.Parameters.Add(new NpgsqlParameter("id", studyId));
        // The clock is read before the lock is granted; after a wait it would be older than what the holder wrote.
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime ? await NowAsync(db, time, cancellationToken) : null;
    }

    public async Task<DateTimeOffset> NowAsync(SearchDb db, TimeProvider time, CancellationToken cancellationToken)
    {
        await using DbCommand command = await CommandAsync(db, "SELECT clock_timestamp()", cancellationToken);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    public async Task InsertReportsAsync(SearchDb db, IReadOnlyList<Report> reports, CancellationToken cancellationToken)
    {
        await using DbCommand command = await CommandAsync(db, """
            INSERT INTO reports (study_id, number, epoch, val_loss, val_accuracy, val_balanced_accuracy, val_macro_f1, val_auroc,
                train_value, fit_loss, learning_rate, seconds, examples_per_second, peak_device_bytes)
            SELECT * FROM unnest(@study, @number, @epoch, @val_loss, @val_accuracy, @val_balanced_accuracy, @val_macro_f1, @val_auroc,
                @train_value, @fit_loss, @learning_rate, @seconds, @examples_per_second, @peak_device_bytes)
            ON CONFLICT DO NOTHING
            """, cancellationToken);
        Add(command, "study", NpgsqlDbType.Text, reports.Select(r => r.StudyId));
        Add(command, "number", NpgsqlDbType.Integer, reports.Select(r => r.Number));
        Add(command, "epoch", NpgsqlDbType.Integer, reports.Select(r => r.Epoch));
        Add(command, "val_loss", NpgsqlDbType.Double, reports.Select(r => r.ValLoss));
        Add(command, "val_accuracy", NpgsqlDbType.Double, reports.Select(r => r.ValAccuracy));
        Add(command, "val_balanced_accuracy", NpgsqlDbType.Double, reports.Select(r => r.ValBalancedAccuracy));
        Add(command, "val_macro_f1", NpgsqlDbType.Double, reports.Select(r => r.ValMacroF1));
        Add(command, "val_auroc", NpgsqlDbType.Double, reports.Select(r => r.ValAuroc));
        Add(command, "train_value", NpgsqlDbType.Double, reports.Select(r => r.TrainValue));
        Add(command, "fit_loss", NpgsqlDbType.Double, reports.Select(r => r.FitLoss));
        Add(command, "learning_rate", NpgsqlDbType.Double, reports.Select(r => r.LearningRate));
        Add(command, "seconds", NpgsqlDbType.Double, reports.Select(r => r.Seconds));
        Add(command, "examples_per_second", NpgsqlDbType.Double, reports.Select(r => r.ExamplesPerSecond));
        Add(command, "peak_device_bytes", NpgsqlDbType.Bigint, reports.Select(r => r.PeakDeviceBytes));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task NotifyOffersAsync(SearchDb db, CancellationToken cancellationToken)
    {
        await using DbCommand command = await CommandAsync(db, $"NOTIFY {OfferListener.Channel}", cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task LimitLockWaitAsync(SearchDb db, TimeSpan atMost, CancellationToken cancellationToken)
    {
        await using DbCommand command = await CommandAsync(db, string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(long)atMost.TotalMilliseconds}"), cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<bool> TryInsertKeyAsync(SearchDb db, IdempotencyKey key, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO idempotency_keys ("key", request_hash, study_id, answer, created_at)
            VALUES ({key.Key}, {key.RequestHash}, {key.StudyId}, {key.Answer}, {key.CreatedAt}) ON CONFLICT DO NOTHING
            """, cancellationToken) == 1;

    public string Parameter(string name) => $"(parameters ->> '{name}')";

    public IQueryable<WorkerRow> LockWorker(SearchDb db, Guid incarnation) =>
        db.Workers.FromSql($"SELECT * FROM workers WHERE incarnation = {incarnation} FOR UPDATE");

    private static void Add<T>(DbCommand command, string name, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = values.ToArray() });

    private static async Task<DbCommand> CommandAsync(SearchDb db, string text, CancellationToken cancellationToken)
    {
        // Counted by the context, which closes it.
        await db.Database.OpenConnectionAsync(cancellationToken);
        DbCommand command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = text;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }
}
