using System.Text.Json.Nodes;
using HyperSearch.Api.OpenApi;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.OpenApi;

/// <summary>The examples of the document are what the API takes and answers.</summary>
public sealed class ExampleTests : IAsyncLifetime
{
    private readonly FakeWorker worker = new(slots: 4);
    private readonly Dictionary<string, JsonNode> answers = [];
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(new() { ["Coordination:CheckpointIntervalS"] = "30" }, worker);

    public ValueTask DisposeAsync() => api.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Examples_OfEveryOperation_HaveTheShapeOfRealAnswers()
    {
        JsonNode request = ExampleFilter.Read("createStudy.request").ShouldNotBeNull();
        await RunAsync(request);

        Dictionary<string, string[]> wrong = answers.ToDictionary(a => a.Key, a => Compare(a.Key, a.Value)).Where(a => a.Value.Length > 0).ToDictionary();
        if (CheckedIn.Updates)
        {
            // Built into the API: the document shows them after the next build.
            foreach (string name in wrong.Keys)
            {
                CheckedIn.Write(Path.Combine(CheckedIn.ExampleFolder, name + ".json"), answers[name]);
            }
        }
        else
        {
            wrong.SelectMany(w => w.Value).ShouldBeEmpty();
        }
    }

    private static string[] Compare(string name, JsonNode answer) => ExampleFilter.Read(name) is { } example
        ? [.. JsonShape.Differences(example, answer, name)]
        : [$"{name} is missing"];

    private async Task RunAsync(JsonNode request)
    {
        string body = request.ToJsonString();
        await KeepAsync("createStudy.200", api.CreateAsync(body, "?validate_only=true"));
        string id = (await KeepAsync("createStudy.response", api.CreateAsync(body)))["id"]!.GetValue<string>();
        await KeepAsync("problem.409", api.CreateAsync(body));
        await KeepAsync("problem.400", api.CreateAsync("{"));
        await KeepAsync("problem.413", api.CreateAsync(new string(' ', 1_048_577)));
        await KeepAsync("problem.415", api.Http.PostAsync("/v1/studies", new StringContent("a=b"), Cancellation));
        await KeepAsync("problem.422", api.CreateAsync("""{"name": "fashion-second", "model": "convnet", "dataset": "fashion-mnist-sample", "search_space": {"learnig_rate": {"min": 1e-4, "max": 1e-1}}}"""));
        await KeepAsync("problem.404", GetAsync("/v1/studies/nobody"));
        await KeepAsync("pauseStudy.response", api.VerbAsync($"/v1/studies/{id}/pause"));
        await KeepAsync("resumeStudy.response", api.VerbAsync($"/v1/studies/{id}/resume"));
        await KeepAsync("listStudies.response", GetAsync("/v1/studies?limit=1"));
        await worker.BeatAsync();
        RunTrial[] first = await worker.TakeAsync(4);
        await worker.SendAsync([.. first.Select(r => Events.Reported(r, worker.Incarnation, 1, Events.Loss(r, 1)))]);
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("epochs_executed").GetInt64() == 4);
        await KeepAsync("getCapacity.response", GetAsync("/v1/capacity"));
        await KeepAsync("listWorkers.response", GetAsync("/v1/workers"));
        await KeepAsync("getWorker.response", GetAsync($"/v1/workers/{worker.Incarnation}"));
        await KeepAsync("drainWorker.response", api.VerbAsync($"/v1/workers/{worker.Incarnation}/drain"));
        await KeepAsync("undrainWorker.response", api.VerbAsync($"/v1/workers/{worker.Incarnation}/undrain"));
        await worker.SendAsync([.. first.Select(r => Events.Completed(r, worker.Incarnation, epoch => Events.Loss(r, epoch)))]);
        await FinishAsync(id);
        foreach ((string name, string path) in ((string, string)[])
            [
                ("getStudy", $"/v1/studies/{id}"), ("getPlan", $"/v1/studies/{id}/plan"), ("listDecisions", $"/v1/studies/{id}/decisions?limit=2"),
                ("getLeaderboard", $"/v1/studies/{id}/leaderboard?limit=2"), ("listTrials", $"/v1/studies/{id}/trials?limit=2"),
                ("getTrial", $"/v1/studies/{id}/trials/0"), ("listReports", $"/v1/studies/{id}/trials/0/reports"), ("listModels", "/v1/models"),
                ("listDatasets", "/v1/datasets"), ("listHyperparameters", "/v1/hyperparameters"), ("getLiveness", "/health/live"),
                ("getReadiness", "/health/ready"), ("getMeta", "/v1/meta"), ("getImportance", $"/v1/studies/{id}/importance"),
                ("getReplay", $"/v1/studies/{id}/replay"),
            ])
        {
            await KeepAsync(name + ".response", GetAsync(path));
        }

        await KeepConfusionAsync(id);
        await KeepChangesAsync();
        string other = await api.NewStudyAsync(Bodies.Synthetic(name: "short"));
        await KeepAsync("stopStudy.response", api.VerbAsync($"/v1/studies/{other}/stop"));
        other = await api.NewStudyAsync(Bodies.Synthetic(name: "shorter"));
        await KeepAsync("cancelStudy.response", api.VerbAsync($"/v1/studies/{other}/cancel"));
    }

    private async Task KeepConfusionAsync(string id)
    {
        System.Text.Json.JsonElement best = (await api.GetJsonAsync($"/v1/studies/{id}")).GetProperty("best");
        System.Text.Json.JsonElement trial = await api.GetJsonAsync($"/v1/studies/{id}/trials/{best.Int("number")}");
        string folder = Path.Combine(api.ArtifactFolder, "studies", id, "trials", $"{best.Int("number")}", $"{trial.Int("attempt")}", $"{trial.Int("epochs")}", "best");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "confusion_matrix.json"), """{"epoch": 9, "examples": 20, "labels": ["coat", "shoe"], "matrix": [[9, 1], [2, 8]]}""", Cancellation);
        await KeepAsync("getBestConfusionMatrix.response", GetAsync($"/v1/studies/{id}/best/confusion-matrix"));
    }

    private async Task KeepChangesAsync()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 2, \"baseline\": false", "changed"));
        RunTrial[] runs = await worker.TakeAsync(2);
        await worker.SendAsync(Events.Failed(runs[0], worker.Incarnation, "internal"));
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("progress").Int("failed") == 1);
        await KeepAsync("retryTrial.response", api.VerbAsync($"/v1/studies/{id}/trials/{runs[0].Attempt.Number}/retry"));
        await KeepAsync("cancelTrial.response", api.VerbAsync($"/v1/studies/{id}/trials/{runs[1].Attempt.Number}/cancel"));
        string parameters = ExampleFilter.Read("enqueueTrial.request").ShouldNotBeNull().ToJsonString();
        await KeepAsync("enqueueTrial.response", api.Http.PostAsync($"/v1/studies/{id}/trials", HttpAnswers.Json(parameters), Cancellation));
        string patch = ExampleFilter.Read("patchStudy.request").ShouldNotBeNull().ToJsonString();
        await KeepAsync("patchStudy.response", api.Http.PatchAsync($"/v1/studies/{id}", HttpAnswers.Json(patch), Cancellation));
        HttpRequestMessage stale = new(HttpMethod.Patch, $"/v1/studies/{id}") { Content = HttpAnswers.Json(patch) };
        stale.Headers.TryAddWithoutValidation("If-Match", "\"v1.1\"");
        await KeepAsync("problem.412", api.Http.SendAsync(stale, Cancellation));
        await api.VerbAsync($"/v1/studies/{id}/cancel").ShouldAnswerAsync(System.Net.HttpStatusCode.Accepted);
    }

    private async Task FinishAsync(string id)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task running = worker.RunAllAsync(end.Token);
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("finished_at").ValueKind == System.Text.Json.JsonValueKind.String);
        await end.CancelAsync();
        await running;
    }

    private Task<HttpResponseMessage> GetAsync(string path) => api.Http.GetAsync(path, Cancellation);

    private async Task<JsonNode> KeepAsync(string name, Task<HttpResponseMessage> pending)
    {
        using HttpResponseMessage answer = await pending;
        return answers[name] = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).ShouldNotBeNull();
    }
}
