using System.Net;
using System.Text.Json;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.Studies;

public sealed class OneAtATimeTests : IAsyncLifetime
{
    private readonly FakeWorker worker = new(slots: 8);
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(null, worker);

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Study_OneAtATime_HasTrialZeroAsBaselineAndTellsTheEffects()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("""
            "algorithm": "one_at_a_time", "search_space": {"learning_rate": [0.01, 0.001], "lr_schedule": ["linear", "cosine"]}
            """));
        JsonElement before = (await api.GetJsonAsync($"/v1/studies/{id}")).GetProperty("effects");
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(3);
        await worker.SendAsync([.. runs.Select(r => Events.Completed(r, worker.Incarnation, 1 + r.Attempt.Number * 0.25))]);

        JsonElement study = await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}"), s => s.Text("state") == "completed");
        JsonElement trial = await api.GetJsonAsync($"/v1/studies/{id}/trials/baseline");

        trial.GetRawText().ShouldBe((await api.GetJsonAsync($"/v1/studies/{id}/trials/0")).GetRawText());
        (trial.Int("number"), trial.GetProperty("baseline").GetBoolean(), trial.GetProperty("delta_to_baseline").GetDouble()).ShouldBe((0, false, 0));
        (study.GetProperty("baseline").Int("number"), study.GetProperty("best").Int("number"), study.GetProperty("best").Int("rank")).ShouldBe((0, 0, 1));
        (await api.GetJsonAsync($"/v1/studies/{id}/trials/2")).GetProperty("delta_to_baseline").GetDouble().ShouldBe(-0.5);
        JsonElement[] effects = [.. study.GetProperty("effects").EnumerateArray()];
        effects[0].GetRawText().ShouldBe("""
            {"parameter":"learning_rate","values":[{"value":0.01,"number":1,"metric_value":1.25,"delta":-0.25},{"value":0.001,"number":0,"metric_value":1,"delta":0}],"spread":0.25}
            """);
        effects[1].GetRawText().ShouldBe("""
            {"parameter":"lr_schedule","values":[{"value":"linear","number":2,"metric_value":1.5,"delta":-0.5},{"value":"cosine","number":0,"metric_value":1,"delta":0}],"spread":0.5}
            """);
        before.EnumerateArray().SelectMany(e => e.GetProperty("values").EnumerateArray()).ShouldAllBe(v => v.GetProperty("number").ValueKind == JsonValueKind.Null);
        await api.Http.GetAsync($"/v1/studies/{id}/trials/-1", TestContext.Current.CancellationToken).ShouldFailAsync(404, "not-found");
    }

    [Fact]
    public async Task Cancel_BaselineOfOneAtATime_EndsTrialZero()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"algorithm\": \"one_at_a_time\", \"search_space\": {\"batch_size\": [16, 32, 64]}"));
        await worker.BeatAsync();
        await worker.TakeAsync(3);

        JsonElement trial = await api.VerbAsync($"/v1/studies/{id}/trials/baseline/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);

        (trial.Int("number"), trial.Text("state")).ShouldBe((0, "cancelled"));
        (await api.GetJsonAsync($"/v1/studies/{await api.NewStudyAsync(Bodies.Synthetic())}")).GetProperty("effects").ValueKind.ShouldBe(JsonValueKind.Null);
    }
}
