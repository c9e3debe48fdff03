using HyperSearch.Messaging;
using HyperSearch.Worker.Coordination;
using HyperSearch.Worker.Segments;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HyperSearch.Worker.Tests.Coordination;

public sealed class EventOutboxTests
{
    private static readonly AttemptReference Attempt = new("a", 1, SegmentKind.Train, 1);

    [Fact]
    public async Task RunAsync_WhileTheBrokerIsAway_KeepsOrderAndHoldsTheAttempt()
    {
        List<TrialEvent> sent = [];
        List<int> held = [];
        EventOutbox? outbox = null;
        int failures = 2;
        outbox = Outbox(events =>
        {
            held.Add(outbox!.UnconfirmedEnds.Count);
            if (failures-- > 0)
            {
                throw new TimeoutException("the broker is away");
            }

            sent.AddRange(events.Events);
        });
        TrialEvent[] events = Events(3);
        foreach (TrialEvent what in events)
        {
            outbox.Add(what);
        }

        outbox.Complete();
        await outbox.RunAsync(TestContext.Current.CancellationToken);

        sent.ShouldBe(events);
        held.ShouldBe([1, 1, 1]);
        outbox.UnconfirmedEnds.ShouldBeEmpty();
    }

    [Fact]
    public async Task RunAsync_WithoutAnEnd_WaitsForTheWindowAndPacks()
    {
        FakeTimeProvider time = new();
        List<int> packs = [];
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        EventOutbox outbox = Outbox(
            events =>
            {
                packs.Add(events.Events.Count);
                first.TrySetResult();
            },
            time);
        outbox.Add(Report(1));
        outbox.Add(Report(2));
        Task running = outbox.RunAsync(TestContext.Current.CancellationToken);
        packs.ShouldBeEmpty();
        outbox.Add(Report(3));

        while (!first.Task.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        outbox.Complete();
        await running;
        packs.ShouldBe([3]);
    }

    [Fact]
    public async Task RunAsync_GivenUp_EndsThoughTheBrokerIsAway()
    {
        using CancellationTokenSource giveUp = new();
        EventOutbox outbox = Outbox(_ =>
        {
            giveUp.Cancel();
            throw new TimeoutException("the broker is away");
        });
        outbox.Add(Events(1)[^1]);

        await Should.ThrowAsync<Exception>(() => outbox.RunAsync(giveUp.Token));

        outbox.UnconfirmedEnds.ShouldBe([Attempt]);
    }

    private static EventOutbox Outbox(Action<TrialEvents> send, TimeProvider? time = null) => new(
        (events, _) =>
        {
            send(events);
            return Task.CompletedTask;
        },
        time ?? TimeProvider.System,
        NullLogger<EventOutbox>.Instance);

    private static TrialEvent[] Events(int epochs) =>
        [.. Enumerable.Range(1, epochs).Select(Report), new AttemptRecord(Attempt, Guid.Empty).Returned(ReturnCause.Drain)];

    private static TrialEvent Report(int epoch) => new AttemptRecord(Attempt, Guid.Empty).Reported(new EpochMetrics { Epoch = epoch });
}
