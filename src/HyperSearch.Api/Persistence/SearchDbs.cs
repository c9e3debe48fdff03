using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Persistence;

/// <summary>
/// Opens the database, for reading or for writing. On SQLite there is one writer at a time: its lock is taken before a
/// connection is opened, so a writer never waits inside a transaction.
/// </summary>
internal sealed class SearchDbs : IDisposable
{
    private readonly Func<SearchDb> _create;
    private readonly SemaphoreSlim? _writer;

    public SearchDbs(IOptions<DatabaseOptions> options)
        : this(options.Value)
    {
    }

    public SearchDbs(DatabaseOptions options)
    {
        if (options.IsPostgres)
        {
            DbContextOptions<PostgresSearchDb> postgres = new DbContextOptionsBuilder<PostgresSearchDb>().UsePostgresSearchDb(options.ConnectionString).Options;
            _create = () => new PostgresSearchDb(postgres);
        }
        else
        {
            DbContextOptions<SqliteSearchDb> sqlite = new DbContextOptionsBuilder<SqliteSearchDb>().UseSqliteSearchDb(options.ConnectionString).Options;
            _create = () => new SqliteSearchDb(sqlite);
            _writer = new SemaphoreSlim(1, 1);
        }

        IsPostgres = options.IsPostgres;
    }

    public bool IsPostgres { get; }

    /// <summary>A context for queries; nothing is tracked.</summary>
    public SearchDb Read()
    {
        SearchDb db = _create();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return db;
    }

    /// <summary>A context in a transaction that may write. Commit it, or everything is undone.</summary>
    public async Task<WriteTransaction> WriteAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            await _writer.WaitAsync(cancellationToken);
        }

        SearchDb db = _create();
        try
        {
            return new WriteTransaction(db, await db.Database.BeginTransactionAsync(cancellationToken), _writer);
        }
        catch
        {
            await db.DisposeAsync();
            _writer?.Release();
            throw;
        }
    }

    public void Dispose() => _writer?.Dispose();
}
