using MassTransit;

namespace HyperSearch.Messaging;

/// <summary>Sending that never loses a message silently: on RabbitMQ a message without a queue comes back as an exception.</summary>
public static class BusSending
{
    /// <summary>Sends to one incarnation's private queue.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="incarnation">The life of the worker process.</param>
    /// <param name="message">A command or an answer.</param>
    /// <param name="cancellationToken">Bounds the wait: in an outage of the broker a send waits without limit.</param>
    /// <exception cref="MessageReturnedException">The incarnation has no queue (RabbitMQ only).</exception>
    public static Task PublishTo<T>(this IPublishEndpoint bus, Guid incarnation, T message, CancellationToken cancellationToken)
        where T : class => bus.Publish(message, context =>
        {
            context.TrySetRoutingKey(RoutingKey(incarnation));
            MakeMandatory(context);
        }, cancellationToken);

    /// <summary>Publishes to the shared queue of that message type.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="message">An event.</param>
    /// <param name="cancellationToken">Bounds the wait.</param>
    /// <exception cref="MessageReturnedException">No replica has made the queue yet (RabbitMQ only).</exception>
    public static Task PublishRequired<T>(this IPublishEndpoint bus, T message, CancellationToken cancellationToken)
        where T : class => bus.Publish(message, context => MakeMandatory(context), cancellationToken);

    internal static string RoutingKey(Guid incarnation) => incarnation.ToString("N");

    private static void MakeMandatory(SendContext context)
    {
        if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
        {
            rabbit.Mandatory = true;
        }
    }
}
