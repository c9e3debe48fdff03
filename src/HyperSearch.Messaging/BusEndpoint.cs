using MassTransit;

namespace HyperSearch.Messaging;

/// <summary>One receive endpoint that a host contributes to the bus. The closed choices are the nested records.</summary>
/// <param name="Queue">Queue name.</param>
/// <param name="Configure">Adds the consumers.</param>
public abstract record BusEndpoint(string Queue, Action<IReceiveEndpointConfigurator, IRegistrationContext> Configure)
{
    /// <summary>A durable queue shared by all replicas.</summary>
    /// <param name="Queue">Queue name.</param>
    /// <param name="Prefetch">Unacknowledged messages per replica.</param>
    /// <param name="SingleActive">Whether only one replica consumes at a time.</param>
    /// <param name="Configure">Adds the consumers.</param>
    public sealed record Shared(string Queue, int Prefetch, bool SingleActive, Action<IReceiveEndpointConfigurator, IRegistrationContext> Configure)
        : BusEndpoint(Queue, Configure);

    /// <summary>The private queue of one incarnation, bound with the incarnation as routing key; gone ten minutes after its process.</summary>
    /// <param name="Incarnation">The life of the worker process.</param>
    /// <param name="Configure">Adds the consumers.</param>
    public sealed record Private(Guid Incarnation, Action<IReceiveEndpointConfigurator, IRegistrationContext> Configure)
        : BusEndpoint($"worker-{Incarnation:N}", Configure);
}
