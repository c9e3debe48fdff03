using System.Net;
using System.Text;
using System.Text.Json;
using HyperSearch.Api.Coordination;

namespace HyperSearch.Api.Tests.Studies;

public sealed class PatchStudyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly TestApi api = fixture.Api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Patch_EveryField_ShowsEverywhereAtOnce()
    {
        string mark = $"m{Guid.NewGuid():N}"[..12];
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 5, \"notes\": \"old\", \"labels\": {\"team\": \"nlp\", \"tier\": \"1\"}"));

        using HttpResponseMessage answer = await PatchAsync(id, $$$"""{"notes": "new", "labels": {"team": null, "mark": "{{{mark}}}"}, "max_trials": 8, "max_parallel": 2, "priority": 3}""");
        JsonElement study = await Task.FromResult(answer).ShouldAnswerAsync(HttpStatusCode.OK);

        answer.Headers.ETag!.Tag.ShouldBe("\"v2.2\"");
        JsonElement resolved = study.GetProperty("resolved");
        (resolved.Text("notes"), resolved.Int("max_trials"), resolved.Int("max_parallel"), resolved.Int("priority")).ShouldBe(("new", 8, 2, 3));
        resolved.GetProperty("labels").GetRawText().ShouldBe($$$"""{"mark":"{{{mark}}}","tier":"1"}""");
        study.GetProperty("spec").Text("notes").ShouldBe("old");
        (study.GetProperty("progress").Int("total"), study.GetProperty("plan").Int("trials"), study.GetProperty("plan").Int("total_epochs")).ShouldBe((8, 8, 72));
        (await api.GetJsonAsync($"/v1/studies/{id}")).GetRawText().ShouldBe(study.GetRawText());
        (await api.GetJsonAsync($"/v1/studies/{id}/plan")).GetRawText().ShouldBe(study.GetProperty("plan").GetRawText());
        (await api.GetJsonAsync($"/v1/studies?label=mark:{mark}")).Items().Single().GetProperty("labels").GetRawText().ShouldBe(resolved.GetProperty("labels").GetRawText());
        (await api.GetJsonAsync($"/v1/studies?label=team:nlp&q={study.Text("name")}")).Items().ShouldBeEmpty();
        (await api.Get<Offers>().OfferAsync(id, [.. Enumerable.Repeat(Guid.NewGuid(), 9)], Cancellation))!.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Patch_Null_TakesAway()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_parallel\": 1, \"priority\": 4, \"notes\": \"old\", \"labels\": {\"a\": \"1\"}"));

        JsonElement resolved = (await PatchAsync(id, """{"notes": null, "labels": null, "max_parallel": null, "priority": null}""").ShouldAnswerAsync(HttpStatusCode.OK)).GetProperty("resolved");

        (resolved.GetProperty("notes").ValueKind, resolved.GetProperty("max_parallel").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
        (resolved.Int("priority"), resolved.GetProperty("labels").GetRawText()).ShouldBe((0, "{}"));
    }

    [Fact]
    public async Task Patch_ThatChangesNothing_KeepsTheTag()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 5"));
        foreach (string body in (string[])["{}", """{"max_trials": 5, "max_parallel": null, "labels": {"nobody": null}}"""])
        {
            using HttpResponseMessage answer = await PatchAsync(id, body);
            (answer.StatusCode, answer.Headers.ETag!.Tag).ShouldBe((HttpStatusCode.OK, "\"v1.1\""));
        }

        (await api.GetJsonAsync($"/v1/studies/{id}/decisions")).Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task Patch_IfMatch_ComparesTheSpecificationAlone()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic());
        await PatchAsync(id, """{"notes": "1"}""", "\"v1.1\"").ShouldAnswerAsync(HttpStatusCode.OK);

        JsonElement problem = await PatchAsync(id, """{"notes": "2"}""", "\"v2.1\"").ShouldFailAsync(412, "precondition-failed");
        await PatchAsync(id, """{"notes": "2"}""", "nonsense").ShouldFailAsync(412, "precondition-failed");
        (await api.GetJsonAsync($"/v1/studies/{id}")).GetProperty("resolved").Text("notes").ShouldBe("1");
        // Trials that are assigned raise the version only.
        await api.Get<Offers>().OfferAsync(id, [Guid.NewGuid()], Cancellation);
        foreach (string tag in (string[])["\"v2.2\"", "W/\"v2.3\"", "\"x\", \"v99.4\"", "*"])
        {
            await PatchAsync(id, $$"""{"notes": {{JsonSerializer.Serialize(tag)}}}""", tag).ShouldAnswerAsync(HttpStatusCode.OK);
        }

        problem.Text("detail").ShouldContain("\"v2.2\"");
    }

    [Fact]
    public async Task Patch_WrongFields_AreReportedAtOnceAndChangeNothing()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 5"));

        JsonElement problem = await PatchAsync(id, """{"notes": "new", "prioritty": 1, "max_trials": 4, "labels": {"": "a"}}""").ShouldFailAsync(422, "validation");

        problem.Errors().ShouldBe(["/prioritty unknown-field", "/labels/ not-accepted", "/max_trials out-of-range"]);
        problem.GetProperty("errors")[0].Text("detail").ShouldContain("Did you mean \"priority\"?");
        await PatchAsync(id, """{"max_trials": 100001}""").ShouldFailAsync(422, "validation");
        await PatchAsync(id, "{").ShouldFailAsync(400, "malformed-json");
        await PatchAsync("nobody", "{}").ShouldFailAsync(404, "not-found");
        (await api.GetJsonAsync($"/v1/studies/{id}")).Int("version").ShouldBe(1);
    }

    [Theory]
    [InlineData("application/merge-patch+json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/json-patch+json", 415)]
    [InlineData("text/plain", 415)]
    public async Task Patch_MediaTypes_AreTwo(string type, int status)
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic());
        StringContent content = new("{}", Encoding.UTF8);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);

        using HttpResponseMessage answer = await api.Http.PatchAsync($"/v1/studies/{id}", content, Cancellation);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("\"algorithm\": \"successive_halving\", \"max_trials\": 9", "max_trials cannot be raised. A synchronous ladder is planned for its number of trials.")]
    [InlineData("\"algorithm\": \"grid\", \"search_space\": {\"batch_size\": [16, 32]}", "max_trials cannot be raised. grid has a fixed number of trials.")]
    public async Task Patch_MoreTrialsThanTheAlgorithmTakes_Is409AndChangesNothing(string fields, string why)
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic(fields));

        JsonElement problem = await PatchAsync(id, """{"max_trials": 50, "notes": "new"}""").ShouldFailAsync(409, "illegal-transition");

        (problem.Text("detail"), problem.Text("state")).ShouldBe((why, "queued"));
        (await api.GetJsonAsync($"/v1/studies/{id}")).Int("version").ShouldBe(1);
    }

    [Fact]
    public async Task Patch_StudyThatHasEnded_TakesTextsAlone()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic());
        await api.VerbAsync($"/v1/studies/{id}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);

        JsonElement problem = await PatchAsync(id, """{"notes": "x", "priority": 1}""").ShouldFailAsync(409, "illegal-transition");
        JsonElement study = await PatchAsync(id, """{"notes": "x", "labels": {"a": "b"}, "priority": 0}""").ShouldAnswerAsync(HttpStatusCode.OK);

        (problem.Text("state"), problem.Text("detail")).ShouldBe(("cancelled", "A study that is cancelled takes only notes and labels."));
        (study.Text("state"), study.Int("version"), study.GetProperty("resolved").Text("notes")).ShouldBe(("cancelled", 3, "x"));
    }

    [Fact]
    public async Task Create_AgainAfterAPatch_IsStillTheSameStudy()
    {
        string body = Bodies.Synthetic("\"max_trials\": 5, \"notes\": \"old\"");
        string id = await api.NewStudyAsync(body);
        await PatchAsync(id, """{"max_trials": 6, "notes": "new", "labels": {"a": "b"}}""").ShouldAnswerAsync(HttpStatusCode.OK);

        JsonElement again = await api.CreateAsync(body, "?if_exists=return").ShouldAnswerAsync(HttpStatusCode.OK);

        (again.Text("id"), again.GetProperty("resolved").Int("max_trials")).ShouldBe((id, 6));
    }

    private Task<HttpResponseMessage> PatchAsync(string id, string body, string? ifMatch = null)
    {
        HttpRequestMessage request = new(HttpMethod.Patch, $"/v1/studies/{id}") { Content = new StringContent(body, Encoding.UTF8, "application/merge-patch+json") };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return api.Http.SendAsync(request, Cancellation);
    }
}
