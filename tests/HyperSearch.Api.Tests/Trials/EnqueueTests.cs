using System.Net;
using System.Text.Json;

namespace HyperSearch.Api.Tests.Trials;

public sealed class EnqueueTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Space = "\"max_trials\": 3, \"search_space\": {\"learning_rate\": {\"min\": 1e-3, \"max\": 1e-1}, \"batch_size\": [16, 32], \"dropout\": 0.25}";
    private readonly TestApi api = fixture.Api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enqueue_Configuration_IsTheNextTrialAndOneMore()
    {
        string name = Bodies.NewName();
        string id = await api.NewStudyAsync(Bodies.Synthetic(Space, name));

        using HttpResponseMessage answer = await EnqueueAsync(name, "{\"learning_rate\": 0.5, \"batch_size\": 20, \"momentum\": 0.5}");
        JsonElement trial = await Task.FromResult(answer).ShouldAnswerAsync(HttpStatusCode.Created);
        JsonElement study = await api.GetJsonAsync($"/v1/studies/{id}");

        answer.Headers.Location!.ToString().ShouldBe($"/v1/studies/{id}/trials/0");
        (await api.GetJsonAsync(answer.Headers.Location.ToString())).GetRawText().ShouldBe(trial.GetRawText());
        (trial.Int("number"), trial.Text("state"), trial.GetProperty("enqueued").GetBoolean()).ShouldBe((0, "waiting", true));
        JsonElement parameters = trial.GetProperty("parameters");
        (parameters.GetProperty("learning_rate").GetDouble(), parameters.Int("batch_size"), parameters.GetProperty("dropout").GetDouble()).ShouldBe((0.5, 20, 0.25));
        parameters.GetProperty("momentum").ValueKind.ShouldBe(JsonValueKind.Null);
        (study.GetProperty("progress").Int("total"), study.GetProperty("progress").Int("waiting"), study.GetProperty("plan").Int("trials")).ShouldBe((4, 4, 4));
    }

    [Fact]
    public async Task Enqueue_ConfigurationOfATrial_NamesIt()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic(Space));
        await EnqueueAsync(id, "{\"learning_rate\": 0.5}").ShouldAnswerAsync(HttpStatusCode.Created);
        await EnqueueAsync(id, "{\"learning_rate\": 0.25}").ShouldAnswerAsync(HttpStatusCode.Created);

        // Momentum has no meaning with adamw.
        JsonElement problem = await EnqueueAsync(id, "{\"momentum\": 0.1, \"learning_rate\": 0.25, \"dropout\": 0.250}").ShouldFailAsync(422, "validation");
        JsonElement same = (await api.GetJsonAsync($"/v1/studies/{id}/trials/0")).GetProperty("parameters");

        problem.Errors().ShouldBe(["/parameters duplicate-values"]);
        problem.Text("detail").ShouldBe("Trial 1, which is waiting, has this configuration already.");
        await EnqueueAsync(id, same.GetRawText()).ShouldFailAsync(422, "validation");
        (await api.GetJsonAsync($"/v1/studies/{id}")).GetProperty("progress").Int("total").ShouldBe(5);
    }

    [Fact]
    public async Task Enqueue_WrongParameters_AreReportedAtOnce()
    {
        string id = await api.NewStudyAsync(Bodies.Halving(9, 9));

        JsonElement problem = await EnqueueAsync(id, "{\"learnig_rate\": 1, \"batch_size\": 0, \"epochs\": 3}").ShouldFailAsync(422, "validation");

        problem.Errors().ShouldBe(["/parameters/learnig_rate unknown-field", "/parameters/batch_size out-of-range", "/parameters/epochs epochs-is-the-resource"]);
        await EnqueueAsync(id, "{\"learnig_rate\": 1}").ShouldFailAsync(422, "unknown-field");
        await PostAsync(id, "{").ShouldFailAsync(400, "malformed-json");
        await PostAsync(id, "[]").ShouldFailAsync(422, "validation");
        await api.Http.PostAsync($"/v1/studies/{id}/trials", new StringContent("{}"), Cancellation).ShouldFailAsync(415, "unsupported-media-type");
        await EnqueueAsync("nobody", "{}").ShouldFailAsync(404, "not-found");
    }

    [Fact]
    public async Task Enqueue_WhereNothingCanBeAdded_Is409WithTheReason()
    {
        string hyperband = await api.NewStudyAsync(Bodies.Synthetic("\"algorithm\": {\"name\": \"hyperband\", \"max_epochs\": 3}"));
        string over = await api.NewStudyAsync(Bodies.Synthetic());
        await api.VerbAsync($"/v1/studies/{over}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);

        (await EnqueueAsync(hyperband, "{}").ShouldFailAsync(409, "enqueue-closed")).Text("detail").ShouldBe("Hyperband's trials are fixed beforehand.");
        JsonElement problem = await EnqueueAsync(over, "{}").ShouldFailAsync(409, "enqueue-closed");

        (problem.Text("detail"), problem.Text("state")).ShouldBe(("The search is over.", "cancelled"));
    }

    private Task<HttpResponseMessage> EnqueueAsync(string id, string parameters) => PostAsync(id, $"{{\"parameters\": {parameters}}}");

    private Task<HttpResponseMessage> PostAsync(string id, string body) => api.Http.PostAsync($"/v1/studies/{id}/trials", HttpAnswers.Json(body), Cancellation);
}
