using HyperSearch.Messaging;
using MassTransit;

namespace HyperSearch.Api.Coordination;

internal static class CoordinationSetup
{
    public static IServiceCollection AddCoordination(this IServiceCollection services)
    {
        services.AddOptions<CoordinationOptions>().BindConfiguration(CoordinationOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<CoordinationMetrics>()
            .AddSingleton<StudyRulesCache>()
            .AddSingleton<StudyTransactions>()
            .AddSingleton<AfterCommit>()
            .AddSingleton<OfferSignal>()
            .AddSingleton<PoolLocks>()
            .AddSingleton<Offers>()
            .AddSingleton<TakingBack>()
            .AddSingleton<Heartbeats>()
            .AddSingleton<EventApplication>()
            .AddSingleton<EmbeddedRecovery>()
            .AddSingleton<ReconnectGrace>()
            .AddReceiveEndpointObserver(provider => provider.GetRequiredService<ReconnectGrace>())
            .AddSingleton<ArtifactCollector>()
            .AddHostedService(provider => provider.GetRequiredService<ArtifactCollector>())
            .AddSingleton<ArtifactSweep>()
            .AddHostedService(provider => provider.GetRequiredService<ArtifactSweep>())
            .AddHostedService<OfferListener>()
            .AddHostedService<Dispatcher>()
            .AddHostedService<WorkerMonitor>();
    }

    /// <summary>The queues that every replica of the API consumes.</summary>
    public static BusPart BusPart { get; } = new(
        bus =>
        {
            bus.AddConsumer<TrialEventsConsumer, TrialEventsConsumerDefinition>();
            bus.AddConsumer<HeartbeatConsumer>();
        },
        [
            new BusEndpoint.Shared(Queues.Events, TrialEventsConsumerDefinition.Prefetch, SingleActive: false,
                (endpoint, context) => endpoint.ConfigureConsumer<TrialEventsConsumer>(context)),
            new BusEndpoint.Shared(Queues.Heartbeats, Prefetch: 100, SingleActive: true,
                (endpoint, context) =>
                {
                    endpoint.ConcurrentMessageLimit = 1;
                    endpoint.ConfigureConsumer<HeartbeatConsumer>(context);
                }),
        ]);
}
