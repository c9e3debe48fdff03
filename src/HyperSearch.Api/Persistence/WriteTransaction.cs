using Microsoft.EntityFrameworkCore.Storage;

namespace HyperSearch.Api.Persistence;

/// <summary>One transaction that may write.</summary>
internal sealed class WriteTransaction(SearchDb db, IDbContextTransaction transaction, SemaphoreSlim? writer) : IAsyncDisposable
{
    public SearchDb Db => db;

    /// <summary>Saves what is tracked and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
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
