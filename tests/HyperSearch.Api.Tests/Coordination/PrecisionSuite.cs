using System.Text.Json;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.Coordination;

/// <summary>Studies in bf16 among workers of which not all have it.</summary>
public abstract class PrecisionSuite : RunSuite
{
    private readonly FakeWorker plain = new(slots: 2);
    private readonly FakeWorker able = new(2, "default", "fp32", "bf16");

    private protected override FakeWorker[] Workers => [plain, able];

    [Fact]
    public async Task StudyInBf16_TwoWorkers_RunsOnTheOneThatHasIt()
    {
        string id = await Api.NewStudyAsync(Study("bf16"));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task[] running = [plain.RunAllAsync(end.Token), able.RunAllAsync(end.Token)];

        JsonElement study = await Eventually.BecomesAsync(() => Api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("finished_at").ValueKind != JsonValueKind.Null);

        await end.CancelAsync();
        await Task.WhenAll(running);
        study.Text("state").ShouldBe("completed");
        study.GetProperty("test").ValueKind.ShouldBe(JsonValueKind.Object);
        study.GetProperty("resolved").Text("precision").ShouldBe("bf16");
        List<JsonElement> trials = await Api.AllPagesAsync($"/v1/studies/{id}/trials?limit=10");
        trials.Count.ShouldBe(7);
        trials.ShouldAllBe(t => t.Text("worker") == able.Incarnation.ToString());
        Api.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task StudyInBf16_NoWorkerHasIt_WaitsAndSaysSoUntilOneDoes()
    {
        string id = await Api.NewStudyAsync(Study("bf16"));
        await plain.BeatAsync();
        JsonElement waiting = await Api.GetJsonAsync($"/v1/studies/{id}");
        JsonElement warning = Warnings(waiting).ShouldHaveSingleItem();
        warning.Text("pointer").ShouldBe("/precision");
        warning.Text("detail").ShouldBe("No living worker of pool default trains in bf16; the study waits until one does.");
        JsonElement pool = await PoolAsync();
        (pool.Int("slots_free"), pool.Int("startable"), pool.Int("unservable")).ShouldBe((2, 7, 7));

        // A study that comes later and can use its slots gets them, and so does one without tensors.
        string later = await Api.NewStudyAsync(Study("fp32", "\"max_parallel\": 1"));
        (await plain.TakeAsync()).Attempt.StudyId.ShouldBe(later);
        string synthetic = await Api.NewStudyAsync(Bodies.Synthetic("\"precision\": \"bf16\", \"max_parallel\": 1"));
        (await plain.TakeAsync()).Attempt.StudyId.ShouldBe(synthetic);
        (await Api.GetJsonAsync($"/v1/studies/{id}")).Text("state").ShouldBe("queued");

        // What a worker has may grow: a device is tried after its first heartbeat.
        able.Precisions = ["fp32"];
        await able.BeatAsync();
        able.Precisions = ["fp32", "bf16"];
        await able.BeatAsync();
        RunTrial[] runs = await able.TakeAsync(2);

        runs.ShouldContain(r => r.Attempt.StudyId == id);
        Warnings(await Api.GetJsonAsync($"/v1/studies/{id}")).ShouldBeEmpty();
        (await PoolAsync()).Int("unservable").ShouldBe(0);
    }

    private static string Study(string precision, string fields = "\"priority\": 0") => $$"""
        {"name": "{{Bodies.NewName()}}", "model": "convnet", "dataset": "fashion-mnist-sample", "max_trials": 6, "precision": "{{precision}}", {{fields}}}
        """;

    private static JsonElement[] Warnings(JsonElement study) =>
        [.. study.GetProperty("plan").GetProperty("warnings").EnumerateArray().Where(w => w.Text("code") == "no_worker")];

    private async Task<JsonElement> PoolAsync() => (await Api.GetJsonAsync("/v1/capacity")).GetProperty("pools").EnumerateArray().Single();
}
