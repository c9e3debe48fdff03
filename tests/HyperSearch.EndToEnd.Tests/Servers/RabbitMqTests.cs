using System.Text;
using HyperSearch.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HyperSearch.EndToEnd.Tests.Servers;

public sealed class RabbitMqTests(RabbitMqVhost vhost) : IClassFixture<RabbitMqVhost>
{
    private const string Queue = "kept";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Vhost_OfThisClass_IsTheOneConnectedTo()
    {
        await using IConnection connection = await ConnectAsync();
        string listed = await vhost.Server.CtlAsync(["-q", "list_connections", "vhost"], Cancellation);

        listed.ShouldContain(vhost.Name);
    }

    [Fact]
    public async Task Stop_ThenStart_KeepsDurableMessages()
    {
        await PublishAsync("before the stop");
        await vhost.Server.StopAsync(Cancellation);
        try
        {
            await Should.ThrowAsync<BrokerUnreachableException>(ConnectAsync);
        }
        finally
        {
            await vhost.Server.StartAsync(Cancellation);
        }

        (await ConsumeAsync()).ShouldBe("before the stop");
    }

    // What a broker that is killed keeps of a queue declared just before is its own affair.
    [Fact]
    public async Task Kill_ThenStart_RefusesThenAccepts()
    {
        await vhost.Server.KillAsync(Cancellation);
        try
        {
            await Should.ThrowAsync<BrokerUnreachableException>(ConnectAsync);
        }
        finally
        {
            await vhost.Server.StartAsync(Cancellation);
        }

        await using IConnection connection = await ConnectAsync();
        connection.IsOpen.ShouldBeTrue();
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = vhost.Uri }.CreateConnectionAsync(Cancellation);

    private async Task PublishAsync(string text)
    {
        await using IConnection connection = await ConnectAsync();
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using IChannel channel = await connection.CreateChannelAsync(confirmed, Cancellation);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        var properties = new BasicProperties { Persistent = true };
        await channel.BasicPublishAsync("", Queue, mandatory: true, properties, Encoding.UTF8.GetBytes(text), Cancellation);
    }

    private async Task<string?> ConsumeAsync()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        BasicGetResult? message = await channel.BasicGetAsync(Queue, autoAck: true, Cancellation);
        return message is null ? null : Encoding.UTF8.GetString(message.Body.Span);
    }
}
