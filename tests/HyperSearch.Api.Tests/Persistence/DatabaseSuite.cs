using HyperSearch.Api.Coordination;
using HyperSearch.Api.Persistence;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.Persistence;

/// <summary>What must hold on every database. Without workers: slots are offered by the tests themselves.</summary>
public abstract class DatabaseSuite : IAsyncLifetime
{
    private protected TestApi Api { get; private set; } = null!;

    /// <summary>Settings of the database.</summary>
    protected abstract Dictionary<string, string?> Database { get; }

    /// <summary>The worker that events come from.</summary>
    protected Guid Incarnation { get; } = Guid.NewGuid();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Api = await TestApi.StartAsync(new(Database) { ["Studies:KeyWaitSeconds"] = "0.3" });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }
    }

    private protected SearchDbs Dbs => Api.Get<SearchDbs>();

    protected Task<string> NewAsync(string body) => Api.NewStudyAsync(body);

    private protected async Task<List<RunTrial>> OfferAsync(string id, int slots) =>
        [.. (await Api.Get<Offers>().OfferAsync(id, [.. Enumerable.Repeat(Incarnation, slots)], Cancellation)).Select(r => r.Command)];

    private protected Task ApplyAsync(string id, TrialEvent[] events) => Api.Get<EventApplication>().ApplyAsync(id, events, Cancellation);

    private protected async Task WriteAsync(Func<SearchDb, Task> write)
    {
        await using WriteTransaction transaction = await Dbs.WriteAsync(Cancellation);
        await write(transaction.Db);
        await transaction.CommitAsync(Cancellation);
    }
}
