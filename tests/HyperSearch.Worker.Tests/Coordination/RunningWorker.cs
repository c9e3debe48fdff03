using HyperSearch.Artifacts;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;
using HyperSearch.Worker.Slots;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>A worker on an in-memory bus beside a fake coordinator, with children of the built executable.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IHost _host;

    private RunningWorker(int slots, double heartbeat, Dictionary<string, string?> settings, IArtifactStore? store)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Worker:Slots"] = FormattableString.Invariant($"{slots}"),
            ["Worker:WorkFolder"] = _folder.In("work"),
            ["Worker:HeartbeatSeconds"] = FormattableString.Invariant($"{heartbeat}"),
            ["Worker:ChildCommand:0"] = WorkerProgram.Path,
            ["Worker:Precisions:0"] = Precisions.Fp32,
            ["Artifacts:Folder"] = _folder.In("artifacts"),
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("MassTransit", LogLevel.Error).AddSimpleConsole(c => c.SingleLine = true);
        if (store is not null)
        {
            builder.Services.AddSingleton(store);
        }

        Worker = new WorkerHost();
        Worker.AddServices(builder.Services, builder.Configuration);
        builder.Services.AddSingleton(Coordinator);
        builder.Services.AddSearchBus(new BusOptions(), Worker.BusPart, FakeCoordinator.BusPart);
        try
        {
            _host = builder.Build();
        }
        catch (Exception)
        {
            _folder.Dispose();
            throw;
        }
    }

    public FakeCoordinator Coordinator { get; } = new();

    public WorkerHost Worker { get; }

    public IServiceProvider Services => _host.Services;

    public IArtifactStore Store => Services.GetRequiredService<IArtifactStore>();

    public IReadOnlyList<int> ChildIds => Services.GetRequiredService<SlotPool>().ChildIds;

    public string WorkFolder => _folder.In("work");

    public static async Task<RunningWorker> StartAsync(
        int slots, double heartbeat = 0.2, Dictionary<string, string?>? settings = null, IArtifactStore? store = null)
    {
        RunningWorker worker = new(slots, heartbeat, settings ?? [], store);
        try
        {
            await worker._host.StartAsync(TestContext.Current.CancellationToken);
            return worker;
        }
        catch (Exception)
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    public Task SendAsync<T>(T message)
        where T : class => Services.GetRequiredService<IBus>().PublishTo(Worker.Incarnation, message, TestContext.Current.CancellationToken);

    /// <summary>The worker's part of an orderly shutdown, while the bus still delivers.</summary>
    public Task DrainAsync() => Services.GetServices<IHostedService>().OfType<WorkerLife>().Single().StoppingAsync(CancellationToken.None);

    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _host.StopAsync(CancellationToken.None);
        }
        finally
        {
            await ((IAsyncDisposable)_host).DisposeAsync();
            _folder.Dispose();
        }
    }
}
