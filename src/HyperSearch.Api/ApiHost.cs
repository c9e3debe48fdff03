using HyperSearch.Api.Coordination;
using HyperSearch.Api.Persistence;
using HyperSearch.Artifacts;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api;

/// <summary>The API of a process: its services, its part of the bus and its routes. Its own executable and Standalone compose it.</summary>
public sealed class ApiHost
{
    /// <summary>The shared queues with their consumers.</summary>
    public BusPart BusPart => CoordinationSetup.BusPart;

    /// <summary>Adds the API; sections <c>Database</c>, <c>Coordination</c>, <c>Artifacts</c> and <c>Catalog</c> of the configuration are read.</summary>
    /// <param name="services">The host's services.</param>
    public IServiceCollection AddServices(IServiceCollection services)
    {
        services.AddOptions<ArtifactStoreOptions>().BindConfiguration(ArtifactStoreOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(p => p.GetRequiredService<IOptions<ArtifactStoreOptions>>().Value.Open(p.GetRequiredService<TimeProvider>()));
        return services.AddSearchDb().AddCoordination().AddRest();
    }

    /// <summary>Maps every route.</summary>
    /// <param name="app">The application.</param>
    public void MapRoutes(WebApplication app) => app.MapRest();

    /// <summary>Brings the database to the newest schema.</summary>
    /// <param name="services">The built host's services.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task MigrateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using SearchDb db = services.GetRequiredService<SearchDbs>().Read();
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Refuses to serve on an older schema.</summary>
    /// <param name="services">The built host's services.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">Migrations are missing.</exception>
    public async Task RequireSchemaAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using SearchDb db = services.GetRequiredService<SearchDbs>().Read();
        string[] missing = [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];
        if (missing.Length > 0)
        {
            throw new InvalidOperationException($"The database lacks {missing.Length} migrations ({string.Join(", ", missing)}): run the API once with --migrate.");
        }
    }

    /// <summary>Where API and worker are one process: takes back what earlier processes on the same data had.</summary>
    /// <param name="services">The built host's services.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RecoverEmbeddedAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<EmbeddedRecovery>().RunAsync(cancellationToken);
}
