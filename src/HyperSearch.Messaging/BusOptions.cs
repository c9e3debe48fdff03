using System.ComponentModel.DataAnnotations;

namespace HyperSearch.Messaging;

/// <summary>The one setting that chooses the transport.</summary>
public sealed class BusOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Bus";

    /// <summary><c>memory</c> (default; one process) or <c>rabbitmq</c>.</summary>
    [RegularExpression("^(memory|rabbitmq)$", ErrorMessage = "Bus:Transport is memory or rabbitmq.")]
    public string Transport { get; set; } = "memory";

    /// <summary>Address of RabbitMQ, such as <c>amqp://user:password@host:5672/vhost</c>.</summary>
    public string? Host { get; set; }

    internal bool IsRabbitMq => Transport == "rabbitmq";
}
