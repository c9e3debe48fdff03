using System.Net;
using System.Text.Json;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.Trials;

public sealed class TrialVerbTests : IAsyncLifetime
{
    private readonly FakeWorker worker = new(slots: 3);
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(null, worker);

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Cancel_AnyTrialThatIsNotFinal_EndsItOnce()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 2"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(3);
        await worker.SendAsync(Events.Completed(runs[2], worker.Incarnation, 0.5));
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("progress").Int("completed") == 1);

        (await GiveAsync(id, "0/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted)).Text("state").ShouldBe("cancelled");
        (await GiveAsync(id, "0/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted)).Text("state").ShouldBe("cancelled");
        JsonElement baseline = await GiveAsync(id, "baseline/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);
        JsonElement problem = await GiveAsync(id, "1/cancel").ShouldFailAsync(409, "illegal-transition");
        HeartbeatAnswer answer = await worker.BeatAsync();

        (baseline.Int("number"), baseline.Text("state")).ShouldBe((-1, "cancelled"));
        (problem.Text("state"), problem.Text("detail")).ShouldBe(("completed", "A trial that is completed cannot cancel."));
        answer.Stops.Select(s => (s.Attempt.Number, s.How)).Order().ShouldBe([(-1, StopKind.StopNow), (0, StopKind.StopNow)]);
        JsonElement study = await api.GetJsonAsync($"/v1/studies/{id}");
        (study.Text("state"), study.Text("stop_reason"), study.GetProperty("progress").Int("cancelled")).ShouldBe(("completed", "finished", 1));
    }

    [Fact]
    public async Task Retry_FailedTrial_RunsAgainWhileItsStudyIsOpen()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 3, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(3);
        await worker.SendAsync(Events.Failed(runs[0], worker.Incarnation, "internal"));
        await Eventually.BecomesAsync(() => TrialAsync(id, 0), t => t.Text("state") == "failed");
        await GiveAsync(id, "1/retry").ShouldFailAsync(409, "illegal-transition");

        JsonElement again = await GiveAsync(id, "0/retry").ShouldAnswerAsync(HttpStatusCode.Accepted);
        RunTrial run = await worker.TakeAsync();
        await worker.SendAsync([Events.Failed(run, worker.Incarnation, "internal"), .. runs[1..].Select(r => Events.Completed(r, worker.Incarnation, 0.5))]);
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}"), s => s.Text("state") == "completed");
        JsonElement problem = await GiveAsync(id, "0/retry").ShouldFailAsync(409, "illegal-transition");

        // The slot that its failure freed may have it by the time of the answer.
        again.Text("state").ShouldBeOneOf("waiting", "dispatched");
        again.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        (run.Attempt.Number, run.Attempt.Attempt).ShouldBe((0, 2));
        problem.Text("state").ShouldBe("failed");
        problem.Text("detail").ShouldStartWith("The study is completed");
    }

    [Theory]
    [InlineData("7/cancel")]
    [InlineData("baseline/retry")]
    [InlineData("x/cancel")]
    [InlineData("0/explode")]
    public async Task Give_ToNothing_Is404(string what)
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));

        await GiveAsync(id, what).ShouldFailAsync(404, "not-found");
        await GiveAsync("nobody", what).ShouldFailAsync(404, "not-found");
    }

    private Task<HttpResponseMessage> GiveAsync(string id, string what) => api.VerbAsync($"/v1/studies/{id}/trials/{what}");

    private Task<JsonElement> TrialAsync(string id, int number) => api.GetJsonAsync($"/v1/studies/{id}/trials/{number}");
}
