using HyperSearch.Api;
using HyperSearch.Messaging;
using HyperSearch.Worker;

namespace HyperSearch.Standalone;

/// <summary>API and worker composed into one host, on SQLite and the in-memory bus.</summary>
internal static class StandaloneHost
{
    /// <summary>Builds the host, brings the database up to date and takes back what dead processes had. Not yet started.</summary>
    /// <param name="settings">The command line.</param>
    /// <param name="data">The folder, held.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<WebApplication> BuildAsync(StandaloneSettings settings, DataFolder data, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = "sqlite",
            ["Database:ConnectionString"] = $"Data Source={data.Database};Default Timeout=30",
            ["Bus:Transport"] = "memory",
            ["Artifacts:Folder"] = data.Artifacts,
            ["Worker:Slots"] = settings.Slots.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Worker:WorkFolder"] = data.Work,
            ["Worker:Pool"] = "default",
        });
        builder.WebHost.UseUrls(settings.Urls.Split(';'));
        // The terminal belongs to the progress; warnings and worse still show.
        builder.Logging.ClearProviders().AddSimpleConsole(c => c.SingleLine = true)
            .SetMinimumLevel(settings.Demo ? LogLevel.Warning : LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("MassTransit", LogLevel.Warning);

        ApiHost api = new();
        WorkerHost worker = new();
        api.AddServices(builder.Services);
        worker.AddServices(builder.Services, builder.Configuration);
        builder.Services.AddSearchBus(new BusOptions(), api.BusPart, worker.BusPart);
        WebApplication app = builder.Build();
        await api.MigrateAsync(app.Services, cancellationToken);
        await api.RecoverEmbeddedAsync(app.Services, cancellationToken);
        api.MapRoutes(app);
        return app;
    }
}
