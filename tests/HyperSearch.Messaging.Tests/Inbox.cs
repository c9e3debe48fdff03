using System.Threading.Channels;
using MassTransit;

namespace HyperSearch.Messaging.Tests;

/// <summary>Keeps what one host of a test has received, in order.</summary>
public sealed class Inbox : IConsumer<RunTrial>, IConsumer<TrialEvents>
{
    private readonly Channel<object> _messages = Channel.CreateUnbounded<object>();

    public bool IsEmpty => _messages.Reader.Count == 0;

    public async Task<T> NextAsync<T>()
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        return (await _messages.Reader.ReadAsync(timeout.Token)).ShouldBeOfType<T>();
    }

    public Task Consume(ConsumeContext<RunTrial> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<TrialEvents> context) => Keep(context.Message);

    private Task Keep(object message)
    {
        _messages.Writer.TryWrite(message);
        return Task.CompletedTask;
    }
}
