using System.Reflection;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Health;

internal static class HealthEndpoints
{
    private const string Ok = "ok";
    private const string Unavailable = "unavailable";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapHealth(this RouteGroupBuilder root)
    {
        RouteGroupBuilder health = root.MapGroup("").WithTags("Service");
        health.MapGet("/health/live", () => TypedResults.Ok(new HealthResponse { Status = Ok, Checks = [] }))
            .Named("getLiveness", "Whether the process answers").Produces<HealthResponse>().Fails();
        health.MapGet("/health/ready", ReadyAsync).Named("getReadiness", "Whether database, migrations and broker are there, with reasons")
            .Produces<HealthResponse>().Produces<HealthResponse>(503).Fails();
        health.MapGet("/v1/meta", Meta).Named("getMeta", "Version, limits and features").Produces<MetaResponse>().Fails();
    }

    private static async Task<IResult> ReadyAsync(SearchDbs dbs, IBusControl bus, TimeProvider time, CancellationToken cancellationToken)
    {
        HealthCheck[] checks = [.. await DatabaseAsync(dbs, time, cancellationToken), Broker(bus)];
        bool ready = checks.All(c => c.Status == Ok);
        return TypedResults.Json(new HealthResponse { Status = ready ? Ok : Unavailable, Checks = checks }, statusCode: ready ? 200 : 503);
    }

    private static async Task<HealthCheck[]> DatabaseAsync(SearchDbs dbs, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await using SearchDb db = dbs.Read();
            await db.Studies.AnyAsync(s => s.Id == "", both.Token);
            string[] missing = [.. await db.Database.GetPendingMigrationsAsync(both.Token)];
            return
            [
                Check("database", null),
                Check("migrations", missing.Length == 0 ? null : $"Not applied: {string.Join(", ", missing)}."),
            ];
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            string reason = error is OperationCanceledException ? $"No answer within {Patience.TotalSeconds} s." : $"{error.GetType().Name}: the database did not answer.";
            return [Check("database", reason), Check("migrations", "Unknown without the database.")];
        }
    }

    private static HealthCheck Broker(IBusControl bus)
    {
        BusHealthResult result = bus.CheckHealth();
        return Check("broker", result.Status == BusHealthStatus.Healthy ? null : result.Description);
    }

    private static HealthCheck Check(string name, string? reason) => new() { Name = name, Status = reason is null ? Ok : Unavailable, Reason = reason };

    private static Ok<MetaResponse> Meta() => TypedResults.Ok(new MetaResponse
    {
        Version = typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
        Api = "v1",
        Limits = new MetaLimits
        {
            BodyBytes = RequestBody.Limit,
            BodyDepth = RequestBody.Depth,
            PageItems = QueryParameter.MostItems,
            Trials = StudyRules.MostTrials,
            IdempotencyKeySeconds = 86_400,
        },
        Algorithms = AlgorithmCatalog.Names,
        Features = ["validate_only", "if_exists", "idempotency_key", "etag", "capacity", "best_model", "patch", "enqueue", "trial_verbs", "importance", "replay", "estimates"],
    });
}
