using HyperSearch.Servers;
using MassTransit;

namespace HyperSearch.Messaging.Tests;

public sealed class RabbitMqBusTests(RabbitMqVhost vhost) : SearchBusSuite, IClassFixture<RabbitMqVhost>
{
    protected override BusOptions Create() => new() { Transport = "rabbitmq", Host = vhost.Uri.ToString() };

    [Fact]
    public async Task PublishTo_WorkerThatIsGone_ComesBackAtOnce()
    {
        await using BusHost host = await BusHost.StartAsync(Create(), null, (Guid.CreateVersion7(), new Inbox()));

        await Should.ThrowAsync<MessageReturnedException>(() => host.Bus.PublishTo(Guid.CreateVersion7(), Samples.Run(1), Cancellation));
    }

    [Fact]
    public async Task PrivateQueue_IsDurableNotExclusiveAndExpires()
    {
        Guid incarnation = Guid.CreateVersion7();
        await using BusHost host = await BusHost.StartAsync(Create(), null, (incarnation, new Inbox()));

        string queues = await vhost.Server.CtlAsync(["-q", "list_queues", "-p", vhost.Name, "name", "durable", "exclusive", "arguments"], Cancellation);

        string queue = queues.Split('\n').Single(l => l.Contains($"worker-{incarnation:N}", StringComparison.Ordinal));
        queue.ShouldContain("true\tfalse");
        queue.ShouldContain("x-expires");
        queue.ShouldContain("600000");
    }

    [Fact]
    public async Task BrokerRestart_BothQueues_ComeBackByThemselves()
    {
        Guid incarnation = Guid.CreateVersion7();
        Inbox commands = new();
        Inbox events = new();
        await using BusHost host = await BusHost.StartAsync(Create(), events, (incarnation, commands));

        await vhost.Server.StopAsync(Cancellation);
        await vhost.Server.StartAsync(Cancellation);

        await UntilAcceptedAsync(() => host.Bus.PublishTo(incarnation, Samples.Run(7), Cancellation));
        await UntilAcceptedAsync(() => host.Bus.PublishRequired(new TrialEvents([Samples.Event()]), Cancellation));
        (await commands.NextAsync<RunTrial>()).Attempt.Number.ShouldBe(7);
        (await events.NextAsync<TrialEvents>()).Events.Count.ShouldBe(1);
    }

    /// <summary>Until the consumers are back, a mandatory message has no queue.</summary>
    private static async Task UntilAcceptedAsync(Func<Task> publish)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        for (int tries = 0; ; tries++)
        {
            try
            {
                await publish();
                return;
            }
            catch (Exception error) when (error is MessageReturnedException or ConnectionException && tries < 300)
            {
                await timer.WaitForNextTickAsync(Cancellation);
            }
        }
    }
}
