using HyperSearch.Api.Catalogs;
using HyperSearch.Api.Health;
using HyperSearch.Api.Http;
using HyperSearch.Api.Leaderboards;
using HyperSearch.Api.OpenApi;
using HyperSearch.Api.Studies;
using HyperSearch.Api.Trials;
using HyperSearch.Api.Workers;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api;

/// <summary>The REST interface: its services and its routes.</summary>
internal static class RestSetup
{
    public static IServiceCollection AddRest(this IServiceCollection services)
    {
        services.AddOptions<CatalogOptions>().BindConfiguration(CatalogOptions.SectionName);
        services.AddOptions<StudyOptions>().BindConfiguration(StudyOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.ConfigureHttpJsonOptions(http =>
        {
            ApiJson.Configure(http.SerializerOptions);
            http.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        return services
            .AddOpenApiDocument()
            .AddSingleton(provider => CatalogSource.Read(provider.GetRequiredService<IOptions<CatalogOptions>>()))
            .AddSingleton<StudyPlans>()
            .AddSingleton<StudyAnswers>()
            .AddSingleton<StudyStore>()
            .AddSingleton<StudyCreation>()
            .AddSingleton<StudyVerbs>()
            .AddSingleton<TrialVerbs>()
            .AddSingleton<FailingWorkers>();
    }

    public static void MapRest(this WebApplication app)
    {
        // A catalogue that cannot be used stops the start, not the first request.
        app.Services.GetRequiredService<Core.Studies.Catalog>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseOpenApiDocument();
        RouteGroupBuilder root = app.MapGroup("").AddEndpointFilter(QueryFilter.InvokeAsync);
        RouteGroupBuilder v1 = root.MapGroup("/v1");
        v1.MapStudies();
        v1.MapLeaderboards();
        v1.MapTrials();
        v1.MapWorkers();
        v1.MapCatalog();
        root.MapHealth();
    }
}
