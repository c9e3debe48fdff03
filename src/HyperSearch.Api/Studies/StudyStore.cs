using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Studies;

/// <summary>Stores new studies: study, document, plan and idempotency key in one transaction, or nothing.</summary>
internal sealed class StudyStore(SearchDbs dbs, OfferSignal offers, IOptions<StudyOptions> options, TimeProvider time)
{
    private static readonly TimeSpan KeepKeys = TimeSpan.FromHours(24);

    private TimeSpan KeyWait => TimeSpan.FromSeconds(options.Value.KeyWaitSeconds);

    /// <summary>A key that is kept.</summary>
    public async Task<IdempotencyKey?> FindKeyAsync(string key, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        DateTimeOffset oldest = await db.Sql.NowAsync(db, time, cancellationToken) - KeepKeys;
        return await db.IdempotencyKeys.SingleOrDefaultAsync(k => k.Key == key && k.CreatedAt > oldest, cancellationToken);
    }

    public async Task<StoreOutcome> AddAsync(NewStudy study, (string Key, string Hash)? key, CancellationToken cancellationToken)
    {
        // Whoever loses a race for the name finds the winner's row the second time.
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await using WriteTransaction? transaction = await BeginAsync(key is not null, cancellationToken);
                return transaction is null ? new StoreOutcome.KeyBusy() : await AddAsync(transaction, study, key, cancellationToken);
            }
            catch (Exception error) when (DatabaseErrors.IsLockTimeout(error))
            {
                return new StoreOutcome.KeyBusy();
            }
            catch (DbUpdateException error) when (attempt == 0 && DatabaseErrors.IsDuplicate(error))
            {
                continue;
            }
        }
    }

    /// <summary>With a key an equal request is waited for only so long: on SQLite that is the writer lock, on PostgreSQL the key's row.</summary>
    private async Task<WriteTransaction?> BeginAsync(bool limited, CancellationToken cancellationToken)
    {
        if (!limited || dbs.IsPostgres)
        {
            return await dbs.WriteAsync(cancellationToken);
        }

        using CancellationTokenSource timeout = new(KeyWait, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await dbs.WriteAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<StoreOutcome> AddAsync(WriteTransaction transaction, NewStudy added, (string Key, string Hash)? key, CancellationToken cancellationToken)
    {
        SearchDb db = transaction.Db;
        DateTimeOffset now = await db.Sql.NowAsync(db, time, cancellationToken);
        Study study = added.Rules.Create(added.Id, now);
        string answer = JsonSerializer.Serialize(StudyView.Of(study, added.Document, added.Rules.Spec, added.Plan), ApiJson.Written.StudyResponse);
        if (key is { } k)
        {
            IdempotencyKey row = new() { Key = k.Key, RequestHash = k.Hash, StudyId = added.Id, Answer = answer, CreatedAt = now };
            if (await ClaimAsync(db, row, cancellationToken) is { } earlier)
            {
                return new StoreOutcome.KeyTaken(earlier);
            }
        }

        if (await db.Studies.Where(s => s.Name == study.Name).Select(s => s.Id).SingleOrDefaultAsync(cancellationToken) is { } taken)
        {
            return new StoreOutcome.NameTaken(taken);
        }

        db.Studies.Add(study);
        if (study.Probing)
        {
            db.Segments.Add(StudySegment.Probe(study.Id));
        }

        db.Documents.Add(added.Document);
        db.Feed.Add(new FeedEntry { StudyId = study.Id, Version = study.Version, At = now });
        await db.SaveChangesAsync(cancellationToken);
        await db.Sql.NotifyOffersAsync(db, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        offers.Set();
        return new StoreOutcome.Added(answer);
    }

    /// <summary>Inserts the key; gives the row that was there before.</summary>
    private async Task<IdempotencyKey?> ClaimAsync(SearchDb db, IdempotencyKey row, CancellationToken cancellationToken)
    {
        await db.Sql.LimitLockWaitAsync(db, KeyWait, cancellationToken);
        DateTimeOffset oldest = row.CreatedAt - KeepKeys;
        await db.IdempotencyKeys.Where(k => k.Key == row.Key && k.CreatedAt <= oldest).ExecuteDeleteAsync(cancellationToken);
        return await db.Sql.TryInsertKeyAsync(db, row, cancellationToken)
            ? null
            : await db.IdempotencyKeys.AsNoTracking().SingleAsync(k => k.Key == row.Key, cancellationToken);
    }
}
