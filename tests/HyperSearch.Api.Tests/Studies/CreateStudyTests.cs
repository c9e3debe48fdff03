using System.Net;
using System.Text.Json;

namespace HyperSearch.Api.Tests.Studies;

public sealed class CreateStudyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly TestApi api = fixture.Api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_ValidStudy_AnswersWithEverythingResolved()
    {
        string name = Bodies.NewName();
        using HttpResponseMessage answer = await api.CreateAsync(Bodies.Halving(27, 27, "\"labels\": {\"team\": \"nlp\"}", name));
        JsonElement study = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        string id = study.Text("id");
        id.ShouldMatch("^st_[0-9a-hjkmnp-tv-z]{26}$");
        answer.Headers.Location!.ToString().ShouldBe($"/v1/studies/{id}");
        answer.Headers.ETag!.Tag.ShouldBe("\"v1.1\"");
        (study.Text("name"), study.Text("state"), study.Int("version")).ShouldBe((name, "queued", 1));
        study.GetProperty("spec").GetProperty("algorithm").Int("max_epochs").ShouldBe(27);
        study.GetProperty("resolved").GetProperty("parameter_order").GetArrayLength().ShouldBe(6);
        study.GetProperty("plan").GetProperty("brackets")[0].GetProperty("rungs").EnumerateArray()
            .Select(r => (r.Int("trials"), r.Int("epochs"))).ShouldBe([(27, 1), (9, 3), (3, 9), (1, 27)]);
        study.GetProperty("plan").Int("total_epochs").ShouldBe(81);
        JsonElement progress = study.GetProperty("progress");
        (progress.Int("total"), progress.Int("waiting")).ShouldBe((27, 27));
        foreach (string absent in (string[])["best", "baseline", "stop_reason", "test", "beats_baseline", "started_at", "finished_at"])
        {
            study.GetProperty(absent).ValueKind.ShouldBe(JsonValueKind.Null, absent);
        }

        (await api.GetJsonAsync($"/v1/studies/{id}")).GetRawText().ShouldBe(study.GetRawText());
        (await api.GetJsonAsync($"/v1/studies/{name}")).Text("id").ShouldBe(id);
        (await api.GetJsonAsync($"/v1/studies/{id}/plan")).GetRawText().ShouldBe(study.GetProperty("plan").GetRawText());
    }

    [Fact]
    public async Task Create_ValidateOnly_AnswersWithThePlanAndStoresNothing()
    {
        string name = Bodies.NewName();
        JsonElement plan = await api.CreateAsync(Bodies.Halving(9, 9, name: name), "?validate_only=true", key: "only-checked").ShouldAnswerAsync(HttpStatusCode.OK);

        plan.Int("trials").ShouldBe(9);
        plan.Int("total_epochs").ShouldBe(9 + 6 + 6);
        await api.Http.GetAsync($"/v1/studies/{name}", Cancellation).ShouldFailAsync(404, "not-found");
        using HttpResponseMessage created = await api.CreateAsync(Bodies.Synthetic(name: name), key: "only-checked");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Create_WithoutSeed_DrawsAndEchoesOne()
    {
        JsonElement first = await api.CreateAsync($$"""{"name": "{{Bodies.NewName()}}", "model": "synthetic"}""").ShouldAnswerAsync(HttpStatusCode.Created);
        JsonElement second = await api.CreateAsync($$"""{"name": "{{Bodies.NewName()}}", "model": "synthetic"}""").ShouldAnswerAsync(HttpStatusCode.Created);

        first.GetProperty("resolved").GetProperty("seed").GetInt64().ShouldNotBe(second.GetProperty("resolved").GetProperty("seed").GetInt64());
        first.GetProperty("spec").TryGetProperty("seed", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Create_NameTaken_Is409()
    {
        string name = Bodies.NewName();
        string id = await api.NewStudyAsync(Bodies.Synthetic(name: name));

        (await api.CreateAsync(Bodies.Synthetic(name: name)).ShouldFailAsync(409, "study-name-taken")).Text("detail").ShouldContain(id);
    }

    [Fact]
    public async Task Create_IfExistsReturn_AnswersWithTheEqualStudyOnly()
    {
        string name = Bodies.NewName();
        string seedless = $$"""{"name": "{{name}}", "model": "synthetic"}""";
        string id = (await api.CreateAsync(seedless, "?if_exists=return").ShouldAnswerAsync(HttpStatusCode.Created)).Text("id");
        string reordered = $$"""{ "max_trials": 20.0, "model": "synthetic", "name": "{{name}}", "algorithm": {"name": "random"} }""";

        (await api.CreateAsync(seedless, "?if_exists=return").ShouldAnswerAsync(HttpStatusCode.OK)).Text("id").ShouldBe(id);
        (await api.CreateAsync(reordered, "?if_exists=return").ShouldAnswerAsync(HttpStatusCode.OK)).Text("id").ShouldBe(id);
        await api.CreateAsync(Bodies.Synthetic("\"max_trials\": 21", name), "?if_exists=return").ShouldFailAsync(409, "spec-differs");
        await api.CreateAsync(Bodies.Synthetic(name: name), "?if_exists=return").ShouldFailAsync(409, "spec-differs");
    }

    [Fact]
    public async Task Create_DeletedName_IsFreeAgain()
    {
        string name = Bodies.NewName();
        string id = await api.NewStudyAsync(Bodies.Synthetic(name: name));
        await api.Http.DeleteAsync($"/v1/studies/{id}", Cancellation).ShouldFailAsync(409, "illegal-transition");
        await api.VerbAsync($"/v1/studies/{id}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);

        using HttpResponseMessage deleted = await api.Http.DeleteAsync($"/v1/studies/{name}", Cancellation);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await api.NewStudyAsync(Bodies.Synthetic(name: name))).ShouldNotBe(id);
    }
}
