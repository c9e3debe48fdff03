using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using FabricExchangeType = MassTransit.Transports.Fabric.ExchangeType;

namespace HyperSearch.Messaging;

/// <summary>Sets up the one bus of a process, on RabbitMQ or in memory, with the same consumers.</summary>
public static class SearchBus
{
    // A private queue outlives its process by this: an outage of the broker must not cost it, a dead process must.
    private static readonly TimeSpan PrivateQueueExpiry = TimeSpan.FromMinutes(10);

    /// <summary>Registers the bus; called once per process, by the executable.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">The transport.</param>
    /// <param name="parts">What API and worker contribute.</param>
    public static IServiceCollection AddSearchBus(this IServiceCollection services, BusOptions options, params IReadOnlyList<BusPart> parts)
    {
        if (options.IsRabbitMq && !Uri.TryCreate(options.Host, UriKind.Absolute, out _))
        {
            throw new InvalidOperationException("Bus:Transport is rabbitmq, so Bus:Host must be an address such as amqp://user:password@host:5672/.");
        }

        services.AddOptions<MassTransitHostOptions>().Configure(o => o.WaitUntilStarted = true);
        return services.AddMassTransit(bus =>
        {
            foreach (BusPart part in parts)
            {
                part.Register(bus);
            }

            BusEndpoint[] endpoints = [.. parts.SelectMany(p => p.Endpoints)];
            if (options.IsRabbitMq)
            {
                bus.UsingRabbitMq((context, rabbit) => ConfigureRabbitMq(context, rabbit, new Uri(options.Host!), endpoints));
            }
            else
            {
                bus.UsingInMemory((context, memory) => ConfigureMemory(context, memory, endpoints));
            }
        });
    }

    private static void ConfigureRabbitMq(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, Uri host, BusEndpoint[] endpoints)
    {
        rabbit.Host(AsRabbitMq(host), h =>
        {
            if (host.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest])
            {
                h.Username(Uri.UnescapeDataString(user));
                h.Password(rest is [var password] ? Uri.UnescapeDataString(password) : "");
            }

            h.Heartbeat(TimeSpan.FromSeconds(10));
        });
        rabbit.Message<RunTrial>(m => m.SetEntityName(Queues.RunTrial));
        rabbit.Message<StopTrial>(m => m.SetEntityName(Queues.StopTrial));
        rabbit.Message<HeartbeatAnswer>(m => m.SetEntityName(Queues.HeartbeatAnswer));
        rabbit.Publish<RunTrial>(p => p.ExchangeType = "direct");
        rabbit.Publish<StopTrial>(p => p.ExchangeType = "direct");
        rabbit.Publish<HeartbeatAnswer>(p => p.ExchangeType = "direct");
        foreach (BusEndpoint endpoint in endpoints)
        {
            rabbit.ReceiveEndpoint(endpoint.Queue, e => ConfigureRabbitMq(context, e, endpoint));
        }
    }

    private static void ConfigureRabbitMq(IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator e, BusEndpoint endpoint)
    {
        switch (endpoint)
        {
            case BusEndpoint.Shared shared:
                e.PrefetchCount = shared.Prefetch;
                e.SingleActiveConsumer = shared.SingleActive;
                break;
            case BusEndpoint.Private own:
                e.ConfigureConsumeTopology = false;
                e.Durable = true;
                // The framework declares a queue that expires without auto-delete; the exchange before it goes with it.
                e.AutoDelete = true;
                e.QueueExpiration = PrivateQueueExpiry;
                e.PrefetchCount = 64;
                Bind<RunTrial>(e, own.Incarnation);
                Bind<StopTrial>(e, own.Incarnation);
                Bind<HeartbeatAnswer>(e, own.Incarnation);
                break;
            default:
                throw new InvalidOperationException($"Unknown endpoint {endpoint}.");
        }

        endpoint.Configure(e, context);
    }

    private static void Bind<T>(IRabbitMqReceiveEndpointConfigurator e, Guid incarnation)
        where T : class => e.Bind<T>(b =>
        {
            b.ExchangeType = "direct";
            b.RoutingKey = BusSending.RoutingKey(incarnation);
        });

    private static void ConfigureMemory(IBusRegistrationContext context, IInMemoryBusFactoryConfigurator memory, BusEndpoint[] endpoints)
    {
        memory.Publish<RunTrial>(p => p.ExchangeType = FabricExchangeType.Direct);
        memory.Publish<StopTrial>(p => p.ExchangeType = FabricExchangeType.Direct);
        memory.Publish<HeartbeatAnswer>(p => p.ExchangeType = FabricExchangeType.Direct);
        foreach (BusEndpoint endpoint in endpoints)
        {
            memory.ReceiveEndpoint(endpoint.Queue, e =>
            {
                if (endpoint is BusEndpoint.Private own)
                {
                    string key = BusSending.RoutingKey(own.Incarnation);
                    e.ConfigureConsumeTopology = false;
                    e.Bind<RunTrial>(FabricExchangeType.Direct, key);
                    e.Bind<StopTrial>(FabricExchangeType.Direct, key);
                    e.Bind<HeartbeatAnswer>(FabricExchangeType.Direct, key);
                }
                else if (endpoint is BusEndpoint.Shared shared)
                {
                    e.PrefetchCount = shared.Prefetch;
                }

                endpoint.Configure(e, context);
            });
        }
    }

    private static Uri AsRabbitMq(Uri host)
    {
        string scheme = host.Scheme is "amqps" or "rabbitmqs" ? "rabbitmqs" : "rabbitmq";
        int port = host.Port > 0 ? host.Port : scheme == "rabbitmqs" ? 5671 : 5672;
        return new UriBuilder(scheme, host.Host, port, host.AbsolutePath).Uri;
    }
}
