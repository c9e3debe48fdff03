using System.Diagnostics;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Leaderboards;
using HyperSearch.Api.Studies;
using HyperSearch.Contracts;
using HyperSearch.Core.Samplers;
using HyperSearch.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HyperSearch.Benchmarks;

/// <summary>A stored study and the worker whose slot is offered to it again and again.</summary>
internal sealed class OpenedStudy : IAsyncDisposable
{
    private static readonly Guid Worker = new(2, 0, 0, new byte[8]);

    private readonly ScratchDatabase _database;
    private readonly string _id;

    private OpenedStudy(ScratchDatabase database, string id)
    {
        _database = database;
        _id = id;
    }

    public static async Task<OpenedStudy> CreateAsync(string? server, string name, int ended, int room)
    {
        ScratchDatabase database = await ScratchDatabase.CreateAsync(server);
        string id = name == SamplerCatalog.Tpe
            ? await StoredStudy.CreateAsync(database.Dbs, SearchSpecs.Of(SamplerCatalog.Random, ended + room), ended, name)
            : await StoredStudy.CreateAsync(database.Dbs, SearchSpecs.Of(name, ended + room), ended, SamplerCatalog.Random);
        return new(database, id);
    }

    /// <summary>Makes that many decisions.</summary>
    public async Task<DatabaseCost> DecideAsync(int count)
    {
        using CommandLog log = new();
        List<(double Offer, double Events)> times = [];
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < count; i++)
        {
            times.Add(await DecideAsync());
        }

        double cpuMs = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / count;
        return new(Statistics.Median(times.Select(t => t.Offer)), Statistics.Median(times.Select(t => t.Events)), cpuMs, (double)log.Commands.Count / count);
    }

    /// <summary>Milliseconds of the answer with the importances, which reads every trial.</summary>
    public async Task<double> AskImportanceAsync()
    {
        long start = Stopwatch.GetTimestamp();
        IResult answer = await ImportanceView.GetAsync(new DefaultHttpContext(), _id, _database.Dbs, _database.Get<StudyAnswers>(), CancellationToken.None);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return answer is Ok<ImportanceResponse> ? elapsed : throw new InvalidOperationException($"The answer is {answer}.");
    }

    /// <summary>Prints how the commands of a decision, of a trial that comes back and of its next offer are carried out.</summary>
    public async Task PrintPlansAsync()
    {
        using CommandLog log = new();
        await DecideAsync();
        RunTrial run = await OfferAsync();
        await ApplyAsync(new TrialEvent { Attempt = run.Attempt, Incarnation = Worker, Returned = new SegmentReturned { Cause = ReturnCause.Drain } });
        await DecideAsync();
        await QueryPlans.PrintAsync(_database, log.Commands);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<(double Offer, double Events)> DecideAsync()
    {
        long start = Stopwatch.GetTimestamp();
        RunTrial run = await OfferAsync();
        double offer = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        EpochMetrics[] epochs = [.. Enumerable.Range(run.FromEpoch + 1, run.ToEpoch - run.FromEpoch)
            .Select(e => new EpochMetrics { Epoch = e, ValLoss = StoredStudy.Loss(run.Attempt.Number, e), Seconds = 1 })];
        CheckpointReference checkpoint = new(run.ToEpoch, $"{run.Attempt.Number}/{run.ToEpoch}", "hash");
        start = Stopwatch.GetTimestamp();
        await ApplyAsync([
            new TrialEvent { Attempt = run.Attempt, Incarnation = Worker, Started = new TrialStarted { Threads = 1 } },
            .. epochs.Select(e => new TrialEvent { Attempt = run.Attempt, Incarnation = Worker, Reported = new TrialReported(e, null) }),
            new TrialEvent { Attempt = run.Attempt, Incarnation = Worker, Completed = new SegmentCompleted { Reports = epochs, Checkpoint = checkpoint, DeviceSeconds = epochs.Length } },
        ]);
        return (offer, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private async Task<RunTrial> OfferAsync() =>
        (await _database.Get<Offers>().OfferAsync(_id, [Worker], CancellationToken.None)).Single().Command;

    private Task ApplyAsync(params TrialEvent[] events) => _database.Get<EventApplication>().ApplyAsync(_id, events, CancellationToken.None);
}
