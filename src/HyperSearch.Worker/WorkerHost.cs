using HyperSearch.Artifacts;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;
using HyperSearch.Worker.Coordination;
using HyperSearch.Worker.Segments;
using HyperSearch.Worker.Slots;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker;

/// <summary>
/// One worker of a process: its services and its part of the bus. An executable that composes it also answers
/// <see cref="SlotVerb"/> with <see cref="RunSlotChild"/>, for the children are started from the same executable.
/// </summary>
public sealed class WorkerHost
{
    /// <summary>First argument of a child process.</summary>
    public const string SlotVerb = "slot";

    private static readonly TimeSpan BusStop = TimeSpan.FromSeconds(10);

    /// <summary>Draws the incarnation.</summary>
    public WorkerHost()
    {
        BusPart = new(Register, [new BusEndpoint.Private(Incarnation, Receive)]);
    }

    /// <summary>This life of the worker process.</summary>
    public Guid Incarnation { get; } = Guid.CreateVersion7();

    /// <summary>The private endpoint with its consumers.</summary>
    public BusPart BusPart { get; }

    /// <summary>Runs as a child process until the parent closes standard input.</summary>
    /// <param name="args">The arguments after <see cref="SlotVerb"/>.</param>
    public static int RunSlotChild(string[] args) => args is [var eventHandle]
        ? SlotChild.Run(eventHandle)
        : throw new ArgumentException("A slot needs the handle of its event pipe; it is started by a worker.", nameof(args));

    /// <summary>Adds the worker; sections <c>Worker</c> and <c>Artifacts</c> of the configuration are read.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration.</param>
    public IServiceCollection AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.SectionName))
            .Configure(options => CatalogRoots.AddTo(options, configuration.GetSection("Catalog")))
            .Validate(options => options.Precisions.All(Precisions.All.Contains), $"{WorkerOptions.SectionName}:Precisions can have {string.Join(" and ", Precisions.All)}.")
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ArtifactStoreOptions>().Bind(configuration.GetSection(ArtifactStoreOptions.SectionName)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<HostOptions>().PostConfigure<IOptions<WorkerOptions>>((host, worker) =>
        {
            TimeSpan needed = worker.Value.ShutdownTimeout + worker.Value.Heartbeat + BusStop;
            host.ShutdownTimeout = host.ShutdownTimeout > needed ? host.ShutdownTimeout : needed;
        });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(p => p.GetRequiredService<IOptions<ArtifactStoreOptions>>().Value.Open(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<WorkFolder>(p, Incarnation));
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<WorkerIdentity>(p, Incarnation));
        services.AddSingleton<WorkerDevice>();
        services.AddSingleton<WorkerPrecisions>();
        services.AddSingleton<ChildLaunch>();
        services.AddSingleton<CheckpointArchive>();
        services.AddSingleton<FittingMicroBatches>();
        services.AddSingleton<HeartbeatPulse>();
        services.AddSingleton<SendEvents>(p => p.GetRequiredService<IBus>().PublishRequired);
        services.AddSingleton<EventOutbox>();
        services.AddSingleton<Heartbeats>();
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<SlotPool>(p, NewRun(p)));
        services.AddHostedService<WorkerLife>();
        return services;
    }

    private static Func<RunTrial, SegmentRun> NewRun(IServiceProvider services) => trial => new SegmentRun(
        trial,
        services.GetRequiredService<CheckpointArchive>(),
        services.GetRequiredService<EventOutbox>(),
        services.GetRequiredService<WorkFolder>(),
        services.GetRequiredService<WorkerIdentity>(),
        services.GetRequiredService<WorkerDevice>(),
        services.GetRequiredService<FittingMicroBatches>(),
        services.GetRequiredService<IOptions<WorkerOptions>>(),
        services.GetRequiredService<TimeProvider>());

    private static void Register(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RunTrialConsumer>();
        bus.AddConsumer<StopTrialConsumer>();
        bus.AddConsumer<HeartbeatAnswerConsumer>();
    }

    private static void Receive(IReceiveEndpointConfigurator endpoint, IRegistrationContext context)
    {
        endpoint.ConfigureConsumer<RunTrialConsumer>(context);
        endpoint.ConfigureConsumer<StopTrialConsumer>(context);
        endpoint.ConfigureConsumer<HeartbeatAnswerConsumer>(context);
    }
}
