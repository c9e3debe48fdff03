using HyperSearch.Messaging;
using MassTransit;

namespace HyperSearch.Worker.Coordination;

internal sealed class HeartbeatAnswerConsumer(Heartbeats heartbeats) : IConsumer<HeartbeatAnswer>
{
    public Task Consume(ConsumeContext<HeartbeatAnswer> context)
    {
        heartbeats.Answered(context.Message);
        return Task.CompletedTask;
    }
}
