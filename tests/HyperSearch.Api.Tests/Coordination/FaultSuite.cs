using System.Text.Json;
using HyperSearch.Messaging;
using MassTransit;

namespace HyperSearch.Api.Tests.Coordination;

/// <summary>What workers that die, freeze, forget and send nonsense can do: nothing that the tables do not allow.</summary>
public abstract class FaultSuite : RunSuite
{
    private readonly FakeWorker worker = new(slots: 1);
    private readonly FakeWorker other = new(slots: 1);

    private protected override FakeWorker[] Workers => [worker, other];

    // Long enough that what comes before the lease runs out is done in time on a busy machine.
    private protected override Dictionary<string, string?> Settings => new() { ["Coordination:LeaseSeconds"] = "8", ["Coordination:ReconnectGraceSeconds"] = "0" };

    [Fact]
    public async Task Worker_WhoseLeaseRunsOut_IsGivenUpAndItsTrialGoesOnElsewhere()
    {
        string id = await StartAsync();
        RunTrial first = await worker.TakeAsync();
        await worker.SendAsync(Events.Reported(first, worker.Incarnation, 1, 0.5), Events.Reported(first, worker.Incarnation, 2, 0.4, checkpoint: false));
        await Eventually.BecomesAsync(() => TrialAsync(id), t => t.Int("epochs") == 2);

        await Eventually.BecomesAsync(() => TrialAsync(id), t => t.Text("state") == "waiting");
        JsonElement lost = await Api.GetJsonAsync($"/v1/workers/{worker.Incarnation}");
        await other.BeatAsync();
        RunTrial second = await other.TakeAsync();
        JsonElement rewound = await TrialAsync(id);
        await worker.SendAsync(Events.Reported(first, worker.Incarnation, 3, 0.1), Events.Completed(first, worker.Incarnation, 0.1));
        await other.SendAsync(Events.Reported(second, other.Incarnation, 2, 0.3));
        JsonElement trial = await Eventually.BecomesAsync(() => TrialAsync(id), t => t.Text("state") == "running");
        HeartbeatAnswer zombie = await worker.BeatAsync();

        lost.Text("state").ShouldBe("lost");
        (second.FromEpoch, second.Attempt.Attempt).ShouldBe((1, 2));
        (rewound.Int("epochs"), rewound.GetProperty("value").GetDouble()).ShouldBe((1, 0.5));
        (trial.Int("lost_attempts"), trial.Int("epochs"), trial.GetProperty("value").GetDouble()).ShouldBe((1, 2, 0.3));
        (await Api.GetJsonAsync($"/v1/studies/{id}/trials/0/reports")).Items().Select(r => r.Int("epoch")).ShouldBe([1, 2]);
        zombie.Stops.ShouldBeEmpty();
        (await Api.GetJsonAsync($"/v1/workers/{worker.Incarnation}")).Text("state").ShouldBe("active");
    }

    [Fact]
    public async Task Zombie_StillHolding_IsToldToStop()
    {
        await StartAsync();
        RunTrial first = await worker.TakeAsync();
        await Eventually.BecomesAsync(() => Api.GetJsonAsync($"/v1/workers/{worker.Incarnation}"), w => w.Text("state") == "lost");

        await other.BeatAsync();
        await other.TakeAsync();
        HeartbeatAnswer answer = await worker.BeatAsync();

        answer.Stops.ShouldBe([new StopTrial(first.Attempt, StopKind.StopNow)]);
    }

    [Fact]
    public async Task Attempt_MissingFromTwoHeartbeats_GoesBackWithoutBeingLost()
    {
        string id = await StartAsync();
        RunTrial first = await worker.TakeAsync();
        worker.Forget(first);

        await worker.BeatAsync();
        await worker.BeatAsync();
        await worker.BeatAsync();
        RunTrial second = await worker.TakeAsync();

        (second.Attempt.Number, second.Attempt.Attempt).ShouldBe((first.Attempt.Number, 2));
        (await TrialAsync(id)).Int("lost_attempts").ShouldBe(0);
    }

    [Fact]
    public async Task Probe_WhoseWorkerDies_IsRepeatedUnderTheNextAttemptAndHasOneResult()
    {
        string id = await Api.NewStudyAsync($$"""{"name": "{{Bodies.NewName()}}", "model": "convnet", "dataset": "fashion-mnist-sample", "probe": true, "max_trials": 1}""");
        await worker.BeatAsync();
        RunTrial first = await worker.TakeAsync();
        await worker.SendAsync(Events.Started(first, worker.Incarnation));
        await Eventually.BecomesAsync(() => Api.GetJsonAsync($"/v1/workers/{worker.Incarnation}"), w => w.Text("state") == "lost");

        await other.BeatAsync();
        RunTrial second = await other.TakeAsync();
        await worker.SendAsync(Events.Probed(first, worker.Incarnation, 0.1, 0.1, 0.1, 0.1));
        HeartbeatAnswer zombie = await worker.BeatAsync();
        await other.SendAsync(Events.Probed(second, other.Incarnation, 0.5, 0.6, 0.7, 0.8), Events.Probed(second, other.Incarnation, 0.2, 0.2, 0.2, 0.2));
        JsonElement study = await Eventually.BecomesAsync(() => Api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("probe").ValueKind != JsonValueKind.Null);

        first.Attempt.Kind.ShouldBe(SegmentKind.Probe);
        second.Attempt.ShouldBe(first.Attempt with { Attempt = 2 });
        zombie.Stops.ShouldBeEmpty();
        study.GetProperty("probe").GetProperty("scores").EnumerateArray().Select(s => s.GetProperty("value").GetDouble()).ShouldBe([0.5, 0.6, 0.7, 0.8]);
        (await Api.AllPagesAsync($"/v1/studies/{id}/decisions?limit=50")).Count(d => d.GetProperty("input").Text("type") == "probed").ShouldBe(1);
    }

    [Fact]
    public async Task Poison_GoesToTheErrorQueue_AndBlocksNothing()
    {
        string id = await StartAsync();
        RunTrial run = await worker.TakeAsync();
        TaskCompletionSource<TrialEvents> poisoned = new();
        HostReceiveEndpointHandle handle = Api.Get<IBus>().ConnectReceiveEndpoint(Queues.EventsError, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.Handler<TrialEvents>(context =>
            {
                poisoned.TrySetResult(context.Message);
                return Task.CompletedTask;
            });
        });
        await handle.Ready;
        TrialEvent empty = new() { Attempt = run.Attempt, Incarnation = worker.Incarnation };

        await worker.SendAsync(Events.Started(run, worker.Incarnation), empty, Events.Reported(run, worker.Incarnation, 1, 0.5));
        await Eventually.BecomesAsync(async () =>
        {
            await worker.BeatAsync();
            return await TrialAsync(id);
        }, t => t.Int("epochs") == 1);

        TrialEvents moved = await poisoned.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        moved.Events.ShouldBe([empty]);
    }

    [Fact]
    public async Task Events_WithoutAnAttempt_AreSetAsideAlone()
    {
        string id = await StartAsync();
        RunTrial run = await worker.TakeAsync();

        await worker.SendAsync(new TrialEvent { Attempt = null!, Incarnation = worker.Incarnation }, Events.Completed(run, worker.Incarnation, 0.5));

        await Eventually.BecomesAsync(() => TrialAsync(id), t => t.Text("state") == "completed");
    }

    [Fact]
    public async Task EventsOfStrangers_ChangeNothingAndBlockNothing()
    {
        string id = await StartAsync();
        RunTrial run = await worker.TakeAsync();
        RunTrial gone = run with { Attempt = run.Attempt with { StudyId = "st_gone" } };
        RunTrial nobody = run with { Attempt = run.Attempt with { Number = 99 } };

        await worker.SendAsync(Events.Completed(gone, worker.Incarnation, 0.1), Events.Completed(nobody, worker.Incarnation, 0.1), Events.Completed(run, other.Incarnation, 0.1));
        await worker.SendAsync(Events.Reported(run, worker.Incarnation, 1, 0.5));
        JsonElement trial = await Eventually.BecomesAsync(() => TrialAsync(id), t => t.Int("epochs") > 0);

        (trial.Text("state"), trial.Int("epochs")).ShouldBe(("running", 1));
    }

    [Fact]
    public async Task Failure_WhoseMessageHasANul_IsStored()
    {
        string id = await StartAsync();
        RunTrial run = await worker.TakeAsync();

        await worker.SendAsync(Events.Failed(run, worker.Incarnation, "dataset_error", "bad\0file"));
        JsonElement trial = await Eventually.BecomesAsync(() => TrialAsync(id), t => t.Text("state") == "failed");

        trial.GetProperty("error").Text("kind").ShouldBe("dataset_error");
        trial.GetProperty("error").Text("message").ShouldBe("bad\uFFFDfile");
    }

    /// <summary>A study of one trial, offered to the first worker.</summary>
    private async Task<string> StartAsync()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        await worker.BeatAsync();
        return id;
    }

    private Task<JsonElement> TrialAsync(string id) => Api.GetJsonAsync($"/v1/studies/{id}/trials/0");
}
