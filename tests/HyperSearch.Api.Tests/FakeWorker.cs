using System.Collections.Concurrent;
using System.Threading.Channels;
using HyperSearch.Messaging;
using MassTransit;

namespace HyperSearch.Api.Tests;

/// <summary>A worker on the bus that trains nothing: it does what a test tells it, or runs everything by a formula.</summary>
internal sealed class FakeWorker(int slots = 2, string pool = "default", params string[] precisions)
{
    private readonly Channel<RunTrial> commands = Channel.CreateUnbounded<RunTrial>();
    private readonly Channel<HeartbeatAnswer> answers = Channel.CreateUnbounded<HeartbeatAnswer>();
    private readonly ConcurrentDictionary<AttemptReference, bool> held = [];
    private readonly ConcurrentDictionary<AttemptReference, bool> ended = [];
    private IBus? bus;
    private long sequence;
    private DateTimeOffset? lastAnswer;

    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>What it announces with its next heartbeat; fp32 unless told otherwise.</summary>
    public string[] Precisions { get; set; } = precisions.Length > 0 ? precisions : ["fp32"];

    public ConcurrentQueue<StopTrial> Stops { get; } = [];

    public BusPart BusPart => new(_ => { }, [new BusEndpoint.Private(Incarnation, (endpoint, _) =>
    {
        endpoint.Handler<RunTrial>(context => commands.Writer.WriteAsync(context.Message).AsTask());
        endpoint.Handler<HeartbeatAnswer>(context => answers.Writer.WriteAsync(context.Message).AsTask());
        endpoint.Handler<StopTrial>(context =>
        {
            Stops.Enqueue(context.Message);
            return Task.CompletedTask;
        });
    })]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IBus Bus => bus ?? throw new InvalidOperationException("The API is not started.");

    public void Attach(IBus started) => bus = started;

    /// <summary>Sends a heartbeat and waits for its answer; what is settled is no longer listed.</summary>
    public async Task<HeartbeatAnswer> BeatAsync(bool draining = false, bool leaving = false)
    {
        await Bus.PublishRequired(Heartbeat(draining, leaving), Cancellation);
        HeartbeatAnswer answer = await answers.Reader.ReadAsync(Cancellation);
        lastAnswer = answer.Time;
        foreach (AttemptReference settled in answer.Settled)
        {
            ended.TryRemove(settled, out _);
        }

        return answer;
    }

    /// <summary>The next command, which takes a slot.</summary>
    public async Task<RunTrial> TakeAsync()
    {
        RunTrial run = await commands.Reader.ReadAsync(Cancellation);
        held[run.Attempt] = true;
        return run;
    }

    public async Task<RunTrial[]> TakeAsync(int count)
    {
        RunTrial[] runs = new RunTrial[count];
        for (int i = 0; i < count; i++)
        {
            runs[i] = await TakeAsync();
        }

        return runs;
    }

    /// <summary>Forgets an attempt as if its command had never arrived.</summary>
    public void Forget(RunTrial run) => held.TryRemove(run.Attempt, out _);

    public async Task SendAsync(params TrialEvent[] events)
    {
        await Bus.PublishRequired(new TrialEvents(events), Cancellation);
        foreach (TrialEvent e in events.Where(e => e.Ends()))
        {
            held.TryRemove(e.Attempt, out _);
            ended[e.Attempt] = true;
        }
    }

    /// <summary>Runs every command by <see cref="Events.Loss"/> until the token ends.</summary>
    public async Task RunAllAsync(CancellationToken until)
    {
        await BeatAsync();
        while (!until.IsCancellationRequested)
        {
            RunTrial run;
            try
            {
                run = await commands.Reader.ReadAsync(until);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            held[run.Attempt] = true;
            await SendAsync(run.Attempt.Kind switch
            {
                SegmentKind.Evaluate => [Events.Scored(run, Incarnation, run.Attempt.Number < 0 ? 0.9 : 0.5)],
                SegmentKind.Probe => [Events.Probed(run, Incarnation, 0.5, 0.8, 0.81, 0.6)],
                _ => [Events.Started(run, Incarnation), Events.Completed(run, Incarnation, epoch => Events.Loss(run, epoch))],
            });
        }
    }

    private WorkerHeartbeat Heartbeat(bool draining, bool leaving) => new()
    {
        Incarnation = Incarnation,
        Registration = new WorkerRegistration
        {
            Host = "test-host",
            Device = "cpu",
            DeviceName = "Test CPU",
            Slots = slots,
            Pool = pool,
            Precisions = Precisions,
            Version = "0.1.0",
        },
        Sequence = Interlocked.Increment(ref sequence),
        LastAnswer = lastAnswer,
        Held = [.. held.Keys],
        Ended = [.. ended.Keys],
        Draining = draining,
        Leaving = leaving,
    };
}
