using System.Text.Json;
using HyperSearch.Api.Studies;
using HyperSearch.Api.Trials;
using HyperSearch.Api.Workers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Persistence;

/// <summary>SQLite: the process's one writer lock is the lock, its clock the clock; sets travel as JSON.</summary>
internal sealed class SqliteDialect : ISqlDialect
{
    public static SqliteDialect Instance { get; } = new();

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private SqliteDialect()
    {
    }

    public async Task<DateTimeOffset?> LockStudyAsync(SearchDb db, string studyId, TimeProvider time, CancellationToken cancellationToken) =>
        await db.Studies.AnyAsync(s => s.Id == studyId, cancellationToken) ? time.GetMicroseconds() : null;

    public Task<DateTimeOffset> NowAsync(SearchDb db, TimeProvider time, CancellationToken cancellationToken) =>
        Task.FromResult(time.GetMicroseconds());

    public Task InsertReportsAsync(SearchDb db, IReadOnlyList<Report> reports, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync("""
            INSERT INTO reports (study_id, number, epoch, val_loss, val_accuracy, val_balanced_accuracy, val_macro_f1, val_auroc,
                train_value, fit_loss, learning_rate, seconds, examples_per_second, peak_device_bytes)
            SELECT value ->> 'study_id', value ->> 'number', value ->> 'epoch', value ->> 'val_loss', value ->> 'val_accuracy',
                value ->> 'val_balanced_accuracy', value ->> 'val_macro_f1', value ->> 'val_auroc', value ->> 'train_value',
                value ->> 'fit_loss', value ->> 'learning_rate', value ->> 'seconds', value ->> 'examples_per_second', value ->> 'peak_device_bytes'
            FROM json_each(@reports) WHERE true
            ON CONFLICT DO NOTHING
            """, [new SqliteParameter("reports", JsonSerializer.Serialize(reports, Json))], cancellationToken);

    // One process: its own signal suffices.
    public Task NotifyOffersAsync(SearchDb db, CancellationToken cancellationToken) => Task.CompletedTask;

    // The writer lock is the only one, and the caller has it.
    public Task LimitLockWaitAsync(SearchDb db, TimeSpan atMost, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<bool> TryInsertKeyAsync(SearchDb db, IdempotencyKey key, CancellationToken cancellationToken)
    {
        long createdAt = (key.CreatedAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return await db.Database.ExecuteSqlAsync($"""
            INSERT INTO idempotency_keys ("key", request_hash, study_id, answer, created_at)
            VALUES ({key.Key}, {key.RequestHash}, {key.StudyId}, {key.Answer}, {createdAt}) ON CONFLICT DO NOTHING
            """, cancellationToken) == 1;
    }

    public string Parameter(string name) => $"json_extract(parameters, '$.{name}')";

    public IQueryable<WorkerRow> LockWorker(SearchDb db, Guid incarnation) => db.Workers.Where(w => w.Incarnation == incarnation);
}
