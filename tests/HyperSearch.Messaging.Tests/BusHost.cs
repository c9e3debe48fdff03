using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HyperSearch.Messaging.Tests;

/// <summary>One process's bus: workers with private queues, and the shared queue of events where wanted.</summary>
internal sealed class BusHost : IAsyncDisposable
{
    private readonly IHost _host;

    private BusHost(IHost host) => _host = host;

    public IBus Bus => _host.Services.GetRequiredService<IBus>();

    public static async Task<BusHost> StartAsync(BusOptions options, Inbox? events, params (Guid Incarnation, Inbox Inbox)[] workers)
    {
        List<BusEndpoint> endpoints = [.. workers.Select(w => new BusEndpoint.Private(w.Incarnation, (e, _) => e.Instance(w.Inbox)))];
        if (events is not null)
        {
            endpoints.Add(new BusEndpoint.Shared(Queues.Events, Prefetch: 10, SingleActive: false, (e, _) => e.Instance(events)));
        }

        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSearchBus(options, new BusPart(_ => { }, endpoints));
        IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new BusHost(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
