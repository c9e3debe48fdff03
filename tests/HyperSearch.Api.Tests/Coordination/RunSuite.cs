using HyperSearch.Api.Coordination;

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

    /// <summary>Waits until everything that was freed so far is deleted: one reader takes the keys in their order.</summary>
    protected async Task CollectedAsync()
    {
        string last = Path.Combine(Api.ArtifactFolder, "studies", $"last-{Guid.NewGuid():N}");
        Directory.CreateDirectory(last);
        Api.Get<ArtifactCollector>().Delete($"studies/{Path.GetFileName(last)}");
        await Eventually.BecomesAsync(() => Task.FromResult(Directory.Exists(last)), exists => !exists);
    }
}
