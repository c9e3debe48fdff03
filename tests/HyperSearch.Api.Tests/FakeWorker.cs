using System.Collections.Concurrent;
using System.Threading.Channels;
using HyperSearch.Messaging;
using MassTransit;

namespace HyperSearch.Api.Tests;

/// <summary>
/// A worker on the bus that trains nothing: it does what a test tells it, or runs everything by a formula. Like a real one it
/// writes a checkpoint before it speaks of it, and scores only a model that is there.
/// </summary>
internal sealed class FakeWorker(int slots = 2, string pool = "default", params string[] precisions)
{
    private readonly Channel<RunTrial> commands = Channel.CreateUnbounded<RunTrial>();
    private readonly Channel<HeartbeatAnswer> answers = Channel.CreateUnbounded<HeartbeatAnswer>();
    private readonly ConcurrentDictionary<AttemptReference, bool> held = [];
    private readonly ConcurrentDictionary<AttemptReference, bool> ended = [];
    private IBus? bus;
    private string? artifacts;
    private long sequence;
    private DateTimeOffset? lastAnswer;

    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>What it announces with its next heartbeat; fp32 unless told otherwise.</summary>
    public string[] Precisions { get; set; } = precisions.Length > 0 ? precisions : ["fp32"];

    public ConcurrentQueue<StopTrial> Stops { get; } = [];

    /// <summary>What <see cref="RunAllAsync"/> waits for before it looks for the model to score.</summary>
    public Func<RunTrial, Task> BeforeScoring { get; set; } = _ => Task.CompletedTask;

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

    /// <summary>Connects it with an API.</summary>
    /// <param name="started">The API's bus.</param>
    /// <param name="artifactFolder">Where that API keeps artifacts.</param>
    public void Attach(IBus started, string artifactFolder)
    {
        bus = started;
        artifacts = artifactFolder;
    }

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

    /// <summary>Sends events; the checkpoints that they name are written first.</summary>
    public async Task SendAsync(params TrialEvent[] events)
    {
        foreach (CheckpointReference checkpoint in events.Select(e => e.Reported?.Checkpoint ?? e.Completed?.Checkpoint ?? e.Returned?.Checkpoint).OfType<CheckpointReference>())
        {
            DirectoryInfo folder = Directory.CreateDirectory(FolderOf(checkpoint.Key));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "last"), checkpoint.Key, Cancellation);
        }

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
                SegmentKind.Evaluate => [await ScoreAsync(run)],
                SegmentKind.Probe => [Events.Probed(run, Incarnation, 0.5, 0.8, 0.81, 0.6)],
                _ => [Events.Started(run, Incarnation), Events.Completed(run, Incarnation, epoch => Events.Loss(run, epoch))],
            });
        }
    }

    private async Task<TrialEvent> ScoreAsync(RunTrial run)
    {
        await BeforeScoring(run);
        return run.Checkpoint is { } key && File.Exists(Path.Combine(FolderOf(key), "last"))
            ? Events.Scored(run, Incarnation, run.Attempt.Number < 0 ? 0.9 : 0.5)
            : Events.Failed(run, Incarnation, "internal", "There is no checkpoint to score.");
    }

    private string FolderOf(string key) => Path.Combine(artifacts ?? throw new InvalidOperationException("The API is not started."), key);

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
