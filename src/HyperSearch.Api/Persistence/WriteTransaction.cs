using Microsoft.EntityFrameworkCore.Storage;

namespace HyperSearch.Api.Persistence;

/// <summary>One transaction that may write.</summary>
internal sealed class WriteTransaction(SearchDb db, IDbContextTransaction transaction, SemaphoreSlim? writer) : IAsyncDisposable
{
    private bool _disposed;

    public SearchDb Db => db;

    /// <summary>Saves what is tracked and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Undoes what is not committed and lets the next writer in, once however often it is called.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await transaction.DisposeAsync();
            await db.DisposeAsync();
        }
        finally
        {
            writer?.Release();
        }
    }
}
