using System.Collections.Concurrent;
using HyperSearch.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HyperSearch.Api.Tests;

/// <summary>The API as its executable composes it, on a free port, with SQLite in a temporary folder and the in-memory bus unless told otherwise.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly WebApplication app;

    private TestApi(DirectoryInfo folder, WebApplication app, ConcurrentQueue<string> errors)
    {
        this.folder = folder;
        this.app = app;
        Errors = errors;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    /// <summary>Everything that was logged as an error.</summary>
    public ConcurrentQueue<string> Errors { get; }

    public string ArtifactFolder => Path.Combine(folder.FullName, "artifacts");

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public static async Task<TestApi> StartAsync(Dictionary<string, string?>? settings = null, params FakeWorker[] workers)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hypersearch-api-");
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.FullName });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = $"Data Source={Path.Combine(folder.FullName, "test.db")};Default Timeout=30",
            ["Artifacts:Folder"] = Path.Combine(folder.FullName, "artifacts"),
            ["Coordination:LeaseSeconds"] = "60",
            ["Coordination:SafetyNetSeconds"] = "0.2",
            ["Coordination:CheckpointIntervalS"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        ConcurrentQueue<string> errors = [];
        builder.Logging.ClearProviders().AddProvider(new ErrorLog(errors));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        ApiHost api = new();
        api.AddServices(builder.Services);
        builder.Services.AddSearchBus(new BusOptions(), [api.BusPart, .. workers.Select(w => w.BusPart)]);
        WebApplication app = builder.Build();
        await api.MigrateAsync(app.Services, CancellationToken.None);
        api.MapRoutes(app);
        await app.StartAsync();
        TestApi started = new(folder, app, errors);
        foreach (FakeWorker worker in workers)
        {
            worker.Attach(app.Services.GetRequiredService<MassTransit.IBus>(), started.ArtifactFolder);
        }

        return started;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
