using HyperSearch.Api.Studies;
using HyperSearch.Api.Trials;
using HyperSearch.Api.Workers;

namespace HyperSearch.Api.Persistence;

/// <summary>The operations whose SQL differs between the providers, each set-based.</summary>
internal interface ISqlDialect
{
    /// <summary>Locks the study's row until the transaction ends and returns the database's time; null when there is no such study.</summary>
    Task<DateTimeOffset?> LockStudyAsync(SearchDb db, string studyId, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>The database's time: leases are written and compared on it.</summary>
    Task<DateTimeOffset> NowAsync(SearchDb db, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>Inserts reports; those already there change nothing.</summary>
    Task InsertReportsAsync(SearchDb db, IReadOnlyList<Report> reports, CancellationToken cancellationToken);

    /// <summary>Wakes the dispatchers of other replicas when the transaction commits.</summary>
    Task NotifyOffersAsync(SearchDb db, CancellationToken cancellationToken);

    /// <summary>Bounds how long a statement of this transaction waits for a row of another one.</summary>
    Task LimitLockWaitAsync(SearchDb db, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Inserts a key unless it is there; waits for another transaction that is inserting it.</summary>
    Task<bool> TryInsertKeyAsync(SearchDb db, IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>The text of a hyperparameter in a trial's row.</summary>
    string Parameter(string name);

    /// <summary>The row of one worker, locked until the transaction ends where the database locks rows.</summary>
    IQueryable<WorkerRow> LockWorker(SearchDb db, Guid incarnation);
}
