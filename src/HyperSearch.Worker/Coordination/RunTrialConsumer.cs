using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;
using HyperSearch.Worker.Slots;
using MassTransit;

namespace HyperSearch.Worker.Coordination;

/// <summary>Puts an order on a slot and acknowledges it: nothing is held on the broker while training.</summary>
internal sealed class RunTrialConsumer(SlotPool slots, EventOutbox outbox, WorkerIdentity identity) : IConsumer<RunTrial>
{
    public Task Consume(ConsumeContext<RunTrial> context)
    {
        AttemptRecord record = new(context.Message.Attempt, identity.Incarnation);
        switch (slots.Place(context.Message))
        {
            case Placement.Placed or Placement.Known:
                break;
            case Placement.NoFreeSlot:
                outbox.Add(record.Returned(ReturnCause.NoFreeSlot));
                break;
            case Placement.Draining:
                outbox.Add(record.Returned(ReturnCause.Drain));
                break;
            case var other:
                throw new InvalidOperationException($"Unknown placement {other}.");
        }

        return Task.CompletedTask;
    }
}
