using System.Net;
using System.Text.Json;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.Workers;

public sealed class WorkerTests : IAsyncLifetime
{
    private readonly FakeWorker worker = new(slots: 4);
    private readonly FakeWorker gpu = new(slots: 1, pool: "gpu");
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(null, worker, gpu);

    public ValueTask DisposeAsync() => api.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workers_AfterTheirHeartbeat_AreListed()
    {
        await worker.BeatAsync();
        await gpu.BeatAsync();

        List<JsonElement> all = await api.AllPagesAsync("/v1/workers?limit=1");
        JsonElement one = await api.GetJsonAsync($"/v1/workers/{worker.Incarnation}");

        all.Select(w => w.Text("id")).ShouldBe([gpu.Incarnation.ToString(), worker.Incarnation.ToString()]);
        (one.Text("host"), one.Text("state"), one.Int("slots"), one.Int("busy")).ShouldBe(("test-host", "active", 4, 0));
        (await api.AllPagesAsync("/v1/workers?pool=gpu&state=active,lost")).ShouldHaveSingleItem();
        (await api.AllPagesAsync("/v1/workers?state=lost")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Drain_BusyWorker_IsDrainedOnceItIsEmptyAndWorksAgainAfterwards()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial run = await worker.TakeAsync();
        JsonElement held = await api.GetJsonAsync($"/v1/workers/{worker.Incarnation}");

        JsonElement draining = await api.VerbAsync($"/v1/workers/{worker.Incarnation}/drain?reason=maintenance").ShouldAnswerAsync(HttpStatusCode.Accepted);
        await api.VerbAsync($"/v1/workers/{worker.Incarnation}/drain").ShouldAnswerAsync(HttpStatusCode.Accepted);
        HeartbeatAnswer answer = await worker.BeatAsync();
        await worker.SendAsync(Events.Returned(run, worker.Incarnation, ReturnCause.Pause));
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}/trials/0"), t => t.Text("state") == "waiting");
        await worker.BeatAsync();
        JsonElement drained = await api.GetJsonAsync($"/v1/workers/{worker.Incarnation}");
        JsonElement undrained = await api.VerbAsync($"/v1/workers/{worker.Incarnation}/undrain").ShouldAnswerAsync(HttpStatusCode.Accepted);
        RunTrial again = await worker.TakeAsync();

        held.GetProperty("held")[0].Text("study").ShouldBe(id);
        (draining.Text("state"), draining.Text("drain_reason"), draining.Int("busy")).ShouldBe(("draining", "maintenance", 1));
        answer.Drain.ShouldBeTrue();
        answer.Stops.ShouldBe([new StopTrial(run.Attempt, StopKind.FinishEpoch)]);
        (drained.Text("state"), drained.Text("drain_reason")).ShouldBe(("drained", "maintenance"));
        (undrained.Text("state"), undrained.GetProperty("drain_reason").ValueKind).ShouldBe(("active", JsonValueKind.Null));
        again.Attempt.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Drain_WorkerThatLeft_Is409()
    {
        await worker.BeatAsync();
        await worker.BeatAsync(draining: true, leaving: true);

        (await api.VerbAsync($"/v1/workers/{worker.Incarnation}/drain").ShouldFailAsync(409, "illegal-transition")).Text("state").ShouldBe("left");
        await api.VerbAsync($"/v1/workers/{Guid.NewGuid()}/drain").ShouldFailAsync(404, "not-found");
    }

    [Fact]
    public async Task Capacity_QueuedStudies_CountWhatTheyCouldStart()
    {
        await api.NewStudyAsync(Bodies.Halving(9, 9, "\"pool\": \"a\""));
        await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 100, \"max_parallel\": 3, \"pool\": \"a\", \"baseline\": false"));
        await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 100, \"max_epochs_total\": 20, \"pool\": \"a\", \"baseline\": false"));
        string paused = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 50, \"pool\": \"a\""));
        await api.VerbAsync($"/v1/studies/{paused}/pause").ShouldAnswerAsync(HttpStatusCode.Accepted);

        JsonElement pool = await PoolAsync("a");

        // Nine and the baseline, three at the same time, two of nine epochs each, none.
        (pool.Int("startable"), pool.Int("wanted_slots"), pool.Int("slots_total")).ShouldBe((15, 15, 0));
        pool.GetProperty("oldest_waiting_s").GetDouble().ShouldBeGreaterThan(0);
        pool.GetProperty("device_seconds_left").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Capacity_RungWithOutstandingTrials_WantsOnlyWhatRuns()
    {
        string id = await api.NewStudyAsync(Bodies.Halving(3, 3, "\"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(3);
        await worker.SendAsync(Events.Completed(runs[0], worker.Incarnation, 0.1), Events.Completed(runs[1], worker.Incarnation, 0.2));
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("progress").Int("paused") == 2);

        JsonElement pool = await PoolAsync("default");

        (pool.Int("startable"), pool.Int("wanted_slots")).ShouldBe((0, 1));
        (pool.Int("slots_total"), pool.Int("slots_busy"), pool.Int("slots_free"), pool.Int("slots_draining")).ShouldBe((4, 1, 3, 0));
        pool.GetProperty("oldest_waiting_s").ValueKind.ShouldBe(JsonValueKind.Null);
        // Two epochs of half a second each are measured; the plan has five.
        pool.GetProperty("device_seconds_left").GetDouble().ShouldBe(1.5, 1e-9);
        JsonElement only = pool.GetProperty("workers")[0];
        only.GetProperty("idle_since").ValueKind.ShouldBe(JsonValueKind.Null);
        (only.Text("id"), only.Int("slots"), only.Int("busy"), only.Text("state")).ShouldBe((worker.Incarnation.ToString(), 4, 1, "active"));
    }

    [Fact]
    public async Task Service_Answers()
    {
        (await api.GetJsonAsync("/health/live")).Text("status").ShouldBe("ok");
        JsonElement ready = await Eventually.BecomesAsync(
            async () => JsonElement.Parse(await (await api.Http.GetAsync("/health/ready", Cancellation)).Content.ReadAsStringAsync(Cancellation)), r => r.Text("status") == "ok");
        ready.GetProperty("checks").EnumerateArray().Select(c => c.Text("name")).ShouldBe(["database", "migrations", "broker"]);
        (await api.GetJsonAsync("/v1/meta")).GetProperty("limits").Int("page_items").ShouldBe(500);
        (await api.GetJsonAsync("/v1/models")).Items().Select(m => m.Text("name")).ShouldBe(["convnet", "synthetic"]);
        (await api.GetJsonAsync("/v1/datasets")).Items().Select(d => d.Text("name")).ShouldContain("fashion-mnist-sample");
        (await api.GetJsonAsync("/v1/hyperparameters")).Items().Length.ShouldBe(13);
    }

    private async Task<JsonElement> PoolAsync(string name) =>
        (await api.GetJsonAsync("/v1/capacity")).GetProperty("pools").EnumerateArray().Single(p => p.Text("pool") == name);
}
