namespace HyperSearch.Api.Tests.Coordination;

/// <summary>An API with workers, on a database of its own for every test.</summary>
public abstract class RunSuite : IAsyncLifetime
{
    private protected TestApi Api { get; private set; } = null!;

    private protected abstract FakeWorker[] Workers { get; }

    private protected virtual Dictionary<string, string?> Settings => [];

    private protected abstract TestDatabase Database { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Dictionary<string, string?> settings = new(Settings);
        foreach ((string name, string value) in await Database.CreateAsync())
        {
            settings[name] = value;
        }

        Api = await TestApi.StartAsync(settings, Workers);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }

        await Database.DisposeAsync();
    }
}
