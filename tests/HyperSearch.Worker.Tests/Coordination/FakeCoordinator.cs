using HyperSearch.Messaging;
using MassTransit;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>Stands in for the API: collects what a worker says, and lets a test wait until it has said something.</summary>
internal sealed class FakeCoordinator
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<TrialEvent> _events = [];
    private readonly List<WorkerHeartbeat> _heartbeats = [];
    private readonly List<int> _packs = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called with every event, outside of any lock; answers with an order for the slot that became free.</summary>
    public Func<TrialEvent, Task>? OnEvent { get; set; }

    public IReadOnlyList<TrialEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<WorkerHeartbeat> Heartbeats
    {
        get
        {
            lock (_gate)
            {
                return [.. _heartbeats];
            }
        }
    }

    /// <summary>Events in each message.</summary>
    public IReadOnlyList<int> Packs
    {
        get
        {
            lock (_gate)
            {
                return [.. _packs];
            }
        }
    }

    public static BusPart BusPart => new(
        bus =>
        {
            bus.AddConsumer<EventsConsumer>();
            bus.AddConsumer<HeartbeatConsumer>();
        },
        [
            new BusEndpoint.Shared(Queues.Events, 1, false, (e, c) =>
            {
                e.ConcurrentMessageLimit = 1;
                e.ConfigureConsumer<EventsConsumer>(c);
            }),
            new BusEndpoint.Shared(Queues.Heartbeats, 1, true, (e, c) =>
            {
                e.ConcurrentMessageLimit = 1;
                e.ConfigureConsumer<HeartbeatConsumer>(c);
            }),
        ]);

    public IReadOnlyList<TrialEvent> Of(AttemptReference attempt) => [.. Events.Where(e => e.Attempt == attempt)];

    public Task<TrialEvent> StartOfAsync(AttemptReference attempt) =>
        UntilAsync(() => Events.FirstOrDefault(e => e.Attempt == attempt && e.Started is not null), $"the start of {attempt}");

    public Task<TrialEvent> EndOfAsync(AttemptReference attempt) =>
        UntilAsync(() => Events.FirstOrDefault(e => e.Attempt == attempt && e.Ends()), $"the end of {attempt}");

    public Task<TrialEvent> ReportOfAsync(AttemptReference attempt, int epoch) =>
        UntilAsync(() => Events.FirstOrDefault(e => e.Attempt == attempt && e.Reported?.Metrics.Epoch >= epoch), $"epoch {epoch} of {attempt}");

    public Task<WorkerHeartbeat> HeartbeatAsync(Func<WorkerHeartbeat, bool> condition, string what) =>
        UntilAsync(() => Heartbeats.LastOrDefault(condition), what);

    public async Task<T> UntilAsync<T>(Func<T?> read, string what)
        where T : class
    {
        using CancellationTokenSource timeout = new(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (read() is { } value)
            {
                return value;
            }

            try
            {
                await changed.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited in vain for {what}.");
            }
        }
    }

    private void Changed(Action change)
    {
        TaskCompletionSource previous;
        lock (_gate)
        {
            change();
            previous = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        previous.SetResult();
    }

    private sealed class EventsConsumer(FakeCoordinator coordinator) : IConsumer<TrialEvents>
    {
        public async Task Consume(ConsumeContext<TrialEvents> context)
        {
            coordinator.Changed(() =>
            {
                coordinator._events.AddRange(context.Message.Events);
                coordinator._packs.Add(context.Message.Events.Count);
            });
            foreach (TrialEvent what in context.Message.Events)
            {
                await (coordinator.OnEvent?.Invoke(what) ?? Task.CompletedTask);
            }
        }
    }

    private sealed class HeartbeatConsumer(FakeCoordinator coordinator) : IConsumer<WorkerHeartbeat>
    {
        public Task Consume(ConsumeContext<WorkerHeartbeat> context)
        {
            coordinator.Changed(() => coordinator._heartbeats.Add(context.Message));
            return Task.CompletedTask;
        }
    }
}
