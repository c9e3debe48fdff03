using HyperSearch.Messaging;

namespace HyperSearch.Api;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        bool migrate = args.Contains("--migrate");
        WebApplicationBuilder builder = WebApplication.CreateBuilder([.. args.Where(a => a != "--migrate")]);
        // A dashboard polls: a line per request is for those who ask for it.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddSimpleConsole(c => c.SingleLine = true);
        ApiHost api = new();
        api.AddServices(builder.Services);
        builder.Services.AddSearchBus(builder.Configuration.GetSection(BusOptions.SectionName).Get<BusOptions>() ?? new(), api.BusPart);
        await using WebApplication app = builder.Build();
        if (migrate)
        {
            await api.MigrateAsync(app.Services, app.Lifetime.ApplicationStopping);
            return 0;
        }

        await api.RequireSchemaAsync(app.Services, app.Lifetime.ApplicationStopping);
        api.MapRoutes(app);
        await app.RunAsync();
        return 0;
    }
}
