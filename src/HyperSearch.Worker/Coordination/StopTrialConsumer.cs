using HyperSearch.Messaging;
using HyperSearch.Worker.Slots;
using MassTransit;

namespace HyperSearch.Worker.Coordination;

internal sealed class StopTrialConsumer(SlotPool slots) : IConsumer<StopTrial>
{
    public Task Consume(ConsumeContext<StopTrial> context)
    {
        slots.Stop(context.Message);
        return Task.CompletedTask;
    }
}
