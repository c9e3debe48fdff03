using System.Net;
using System.Text.Json;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.Coordination;

/// <summary>The probe before a search: what it answers, what waits for it, and what ends it.</summary>
public abstract class ProbeSuite : RunSuite
{
    private readonly FakeWorker worker = new(slots: 2);

    private protected override FakeWorker[] Workers => [worker];

    [Fact]
    public async Task Study_WithAProbe_ProposesBeforeItSearchesAndReplays()
    {
        string id = await NewAsync();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task running = worker.RunAllAsync(end.Token);
        JsonElement study = await Eventually.BecomesAsync(() => StudyAsync(id), s => s.GetProperty("finished_at").ValueKind != JsonValueKind.Null);
        await end.CancelAsync();
        await running;

        study.Text("state").ShouldBe("completed");
        JsonElement probe = study.GetProperty("probe");
        probe.GetProperty("scores").EnumerateArray().Select(s => (s.Int("blocks"), s.GetProperty("value").GetDouble(), s.GetProperty("standard_error").GetDouble()))
            .ShouldBe([(1, 0.5, 0.02), (2, 0.8, 0.02), (3, 0.81, 0.02), (4, 0.6, 0.02)]);
        (probe.Text("metric"), probe.Int("separates_at"), probe.Int("examples"), probe.Int("held_out")).ShouldBe(("balanced_accuracy", 2, 500, 130));
        probe.GetProperty("proposed_frozen_blocks").GetRawText().ShouldBe("""{"min":0,"max":3}""");
        study.GetProperty("probe_note").ValueKind.ShouldBe(JsonValueKind.Null);
        WarningsOf(study.GetProperty("plan")).ShouldContain("frozen_beyond_probe");
        WarningsOf(await Api.GetJsonAsync($"/v1/studies/{id}/plan")).ShouldContain("frozen_beyond_probe");
        study.GetProperty("resolved").GetProperty("search_space").GetProperty("frozen_blocks").Int("max").ShouldBe(4);
        study.GetProperty("test").GetProperty("value").GetDouble().ShouldBe(0.5);

        List<JsonElement> log = await Api.AllPagesAsync($"/v1/studies/{id}/decisions?limit=50");
        log.Take(3).Select(d => d.GetProperty("input").Text("type")).ShouldBe(["probe_assigned", "probed", "offered"]);
        JsonElement replay = await Api.GetJsonAsync($"/v1/studies/{id}/replay");
        (replay.GetProperty("matches").GetBoolean(), replay.Int("entries")).ShouldBe((true, log.Count));
        Api.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Probe_OnASlot_NothingElseStartsAndItIsListed()
    {
        string id = await NewAsync();
        JsonElement created = await StudyAsync(id);
        RunTrial probe = await TakeProbeAsync();
        await worker.SendAsync(Events.Started(probe, worker.Incarnation));
        JsonElement study = await StudyAsync(id);
        JsonElement held = (await Api.GetJsonAsync($"/v1/workers/{worker.Incarnation}")).GetProperty("held");

        (created.Text("state"), study.Text("state")).ShouldBe(("queued", "running"));
        (probe.Attempt, probe.FromEpoch, probe.ToEpoch, probe.Checkpoint).ShouldBe((new AttemptReference(id, -2, SegmentKind.Probe, 1), 0, 0, null));
        study.GetProperty("probe").ValueKind.ShouldBe(JsonValueKind.Null);
        study.Text("probe_note").ShouldContain("waits for its probe");
        held.EnumerateArray().Select(h => (h.Text("kind"), h.GetProperty("number").ValueKind, h.Int("attempt"))).ShouldBe([("probe", JsonValueKind.Null, 1)]);
        JsonElement pool = (await Api.GetJsonAsync("/v1/capacity")).GetProperty("pools")[0];
        (pool.Int("slots_busy"), pool.Int("startable"), pool.Int("wanted_slots")).ShouldBe((1, 0, 1));

        await worker.SendAsync(Events.Probed(probe, worker.Incarnation, 0.5, 0.9, 0.9, 0.9));
        RunTrial next = await worker.TakeAsync();

        next.Attempt.ShouldBe(new AttemptReference(id, -1, SegmentKind.Train, 1));
    }

    [Fact]
    public async Task Probe_ThatFails_LeavesTheReasonAndTheSearchBegins()
    {
        string id = await NewAsync();
        RunTrial first = await TakeProbeAsync();
        await worker.SendAsync(Events.Failed(first, worker.Incarnation, "dataset_error", "busy\0disk", retryable: true));
        RunTrial second = await worker.TakeAsync();
        await worker.SendAsync(Events.Failed(second, worker.Incarnation, "dataset_error", "damaged\0file", retryable: true));
        RunTrial baseline = await worker.TakeAsync();
        JsonElement study = await StudyAsync(id);

        second.Attempt.ShouldBe(first.Attempt with { Attempt = 2 });
        (baseline.Attempt.Kind, baseline.Attempt.Number).ShouldBe((SegmentKind.Train, -1));
        (study.Text("state"), study.GetProperty("probe").ValueKind, study.Text("probe_note")).ShouldBe(("running", JsonValueKind.Null, "damaged\uFFFDfile"));
    }

    [Fact]
    public async Task Probe_WhoseChildDiesAgainAndAgain_IsGivenUp()
    {
        string id = await NewAsync();
        RunTrial run = await TakeProbeAsync();
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            run.Attempt.ShouldBe(new AttemptReference(id, -2, SegmentKind.Probe, attempt));
            await worker.SendAsync(Events.Returned(run, worker.Incarnation, ReturnCause.ChildDied));
            run = await worker.TakeAsync();
        }

        run.Attempt.Kind.ShouldBe(SegmentKind.Train);
        (await StudyAsync(id)).Text("probe_note").ShouldBe("The probe was lost 5 times.");
    }

    [Fact]
    public async Task Pause_DuringTheProbe_LetsItEndAndStartsNothing()
    {
        string id = await NewAsync();
        RunTrial probe = await TakeProbeAsync();
        await Api.VerbAsync($"/v1/studies/{id}/pause").ShouldAnswerAsync(HttpStatusCode.Accepted);
        HeartbeatAnswer answer = await worker.BeatAsync();
        await worker.SendAsync(Events.Returned(probe, worker.Incarnation, ReturnCause.Drain));
        JsonElement free = await Eventually.BecomesAsync(() => Api.GetJsonAsync($"/v1/workers/{worker.Incarnation}"), w => w.GetProperty("held").GetArrayLength() == 0);
        await worker.BeatAsync();
        JsonElement paused = await StudyAsync(id);
        await Api.VerbAsync($"/v1/studies/{id}/resume").ShouldAnswerAsync(HttpStatusCode.Accepted);
        RunTrial again = await worker.TakeAsync();

        answer.Stops.ShouldBeEmpty();
        (free.Text("state"), paused.Text("state")).ShouldBe(("active", "paused"));
        again.Attempt.ShouldBe(probe.Attempt with { Attempt = 2 });
    }

    [Theory]
    [InlineData("cancel", "cancelled")]
    [InlineData("stop", "stopped")]
    public async Task End_DuringTheProbe_StopsItAndFreesItsSlotWhenItsWorkerIsDone(string verb, string state)
    {
        string id = await NewAsync();
        RunTrial probe = await TakeProbeAsync();
        await worker.SendAsync(Events.Started(probe, worker.Incarnation));
        JsonElement ended = await Api.VerbAsync($"/v1/studies/{id}/{verb}").ShouldAnswerAsync(HttpStatusCode.Accepted);
        HeartbeatAnswer answer = await worker.BeatAsync();
        int busy = (await Api.GetJsonAsync("/v1/capacity")).GetProperty("pools")[0].Int("slots_busy");
        await worker.SendAsync(Events.Probed(probe, worker.Incarnation, 0.5, 0.9, 0.9, 0.9));
        await worker.BeatAsync();
        JsonElement pool = await Eventually.BecomesAsync(async () => (await Api.GetJsonAsync("/v1/capacity")).GetProperty("pools")[0], p => p.Int("slots_busy") == 0);
        JsonElement study = await StudyAsync(id);

        ended.Text("state").ShouldBe(state);
        answer.Stops.ShouldBe([new StopTrial(probe.Attempt, StopKind.StopNow)]);
        (busy, pool.Int("slots_free")).ShouldBe((1, 2));
        (study.GetProperty("probe").ValueKind, study.Text("probe_note")).ShouldBe((JsonValueKind.Null, "The search ended before the probe did."));
        using HttpResponseMessage deleted = await Api.Http.DeleteAsync($"/v1/studies/{id}", Cancellation);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private Task<string> NewAsync() => Api.NewStudyAsync($$$$"""
        {"name": "{{{{Bodies.NewName()}}}}", "model": "convnet", "dataset": "fashion-mnist-sample", "probe": true, "max_trials": 2, "seed": 1,
         "search_space": {"epochs": 2, "learning_rate": {"min": 1e-4, "max": 0.1, "scale": "log"}, "frozen_blocks": {"min": 0, "max": 4}}}
        """);

    private async Task<RunTrial> TakeProbeAsync()
    {
        await worker.BeatAsync();
        RunTrial probe = await worker.TakeAsync();
        probe.Attempt.Kind.ShouldBe(SegmentKind.Probe);
        return probe;
    }

    private Task<JsonElement> StudyAsync(string id) => Api.GetJsonAsync($"/v1/studies/{id}");

    private static IEnumerable<string> WarningsOf(JsonElement plan) => plan.GetProperty("warnings").EnumerateArray().Select(w => w.Text("code"));
}
