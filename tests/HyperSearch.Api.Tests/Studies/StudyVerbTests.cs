using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HyperSearch.Api.Tests.Studies;

public sealed class StudyVerbTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly TestApi api = fixture.Api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verbs_InEveryState_ChangeRepeatOrRefuse()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic());

        await ShouldGiveAsync(id, "resume", "queued");
        await ShouldGiveAsync(id, "pause", "paused");
        await ShouldGiveAsync(id, "pause", "paused");
        await ShouldGiveAsync(id, "resume", "queued");
        await ShouldGiveAsync(id, "cancel", "cancelled");
        await ShouldGiveAsync(id, "cancel", "cancelled");
        foreach (string verb in (string[])["pause", "resume", "stop"])
        {
            JsonElement problem = await api.VerbAsync($"/v1/studies/{id}/{verb}").ShouldFailAsync(409, "illegal-transition");
            problem.Text("state").ShouldBe("cancelled");
        }

        await api.VerbAsync("/v1/studies/nobody/pause").ShouldFailAsync(404, "not-found");
        await api.VerbAsync($"/v1/studies/{id}/explode").ShouldFailAsync(404, "not-found");
    }

    [Fact]
    public async Task Stop_QueuedStudy_EndsItWithoutTrials()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 5"));

        JsonElement study = await ShouldGiveAsync(id, "stop", "stopped");

        (study.GetProperty("progress").Int("cancelled"), study.GetProperty("progress").Int("waiting")).ShouldBe((5, 0));
        study.Text("stop_reason").ShouldBe("user_stop");
        await api.Http.GetAsync($"/v1/studies/{id}/best/model", Cancellation).ShouldFailAsync(409, "not-final");
    }

    [Fact]
    public async Task ETag_UnchangedStudy_Is304UntilItChanges()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic());
        foreach (string path in (string[])["", "/leaderboard", "/trials", "/trials?sort=-value&limit=3"])
        {
            EntityTagHeaderValue tag;
            using (HttpResponseMessage first = await api.Http.GetAsync($"/v1/studies/{id}{path}", Cancellation))
            {
                tag = first.Headers.ETag!;
                first.Headers.CacheControl!.NoCache.ShouldBeTrue();
            }

            (await StatusAsync(id + path, tag.Tag)).ShouldBe(HttpStatusCode.NotModified, path);
            (await StatusAsync(id + path, "W/" + tag.Tag)).ShouldBe(HttpStatusCode.NotModified, path);
            (await StatusAsync(id + path, "*")).ShouldBe(HttpStatusCode.NotModified, path);
            (await StatusAsync(id + path, $"\"v0.1\", {tag.Tag}")).ShouldBe(HttpStatusCode.NotModified, path);
            (await StatusAsync(id + path, "\"v9.1\"")).ShouldBe(HttpStatusCode.OK, path);
        }

        await ShouldGiveAsync(id, "pause", "paused");

        (await StatusAsync(id, "\"v1.1\"")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(id, "\"v2.2\"")).ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task List_FiltersOrdersAndPages()
    {
        string mark = $"m{Guid.NewGuid():N}"[..12];
        string[] names = [.. Enumerable.Range(0, 5).Select(i => $"{mark}-{i}")];
        foreach (string name in names)
        {
            await api.NewStudyAsync(Bodies.Synthetic($$$"""
                "labels": {"team": "{{{(name.EndsWith('3') ? "a\\\"b" : "nlp")}}}", "x": "{{{mark}}}"}
                """, name));
        }

        await api.VerbAsync($"/v1/studies/{names[1]}/pause").ShouldAnswerAsync(HttpStatusCode.Accepted);

        (await NamesAsync($"q={mark}&sort=name&limit=2")).ShouldBe(names);
        (await NamesAsync($"q={mark}&sort=-name&limit=2")).ShouldBe(names.Reverse());
        (await NamesAsync($"q={mark}&sort=created_at&limit=2")).ShouldBe(names);
        (await NamesAsync($"q={mark}&limit=2")).ShouldBe(names.Reverse());
        (await NamesAsync($"q={mark}&state=paused,running")).ShouldBe([names[1]]);
        (await NamesAsync($"label=x:{mark}&label=x:{mark}".Split('&')[0] + "&sort=name")).ShouldBe(names);
        (await NamesAsync($"q={mark}&label=team:a%22b")).ShouldBe([names[3]]);
        (await NamesAsync($"q={mark}&label=team:nl")).ShouldBeEmpty();
        (await NamesAsync($"q={mark}&label=TEAM:nlp")).ShouldBeEmpty();
        (await NamesAsync("q=%25")).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_NextPage_IsLinkedAndBoundToItsFilters()
    {
        await api.NewStudyAsync(Bodies.Synthetic());
        await api.NewStudyAsync(Bodies.Synthetic());
        using HttpResponseMessage answer = await api.Http.GetAsync("/v1/studies?limit=1&sort=name", Cancellation);
        string cursor = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).Text("next_cursor");

        string link = answer.Headers.GetValues("Link").Single();

        link.ShouldEndWith(">; rel=\"next\"");
        link.ShouldContain($"cursor={cursor}");
        cursor.ShouldMatch("^[A-Za-z0-9_-]+$");
        (await api.GetJsonAsync(link[1..link.IndexOf('>')])).Items().ShouldHaveSingleItem();
        (await api.Http.GetAsync($"/v1/studies?limit=1&sort=-name&cursor={cursor}", Cancellation).ShouldFailAsync(422, "validation")).Errors().ShouldBe(["?cursor not-accepted"]);
    }

    private async Task<string[]> NamesAsync(string query) => [.. (await api.AllPagesAsync("/v1/studies?" + query)).Select(s => s.Text("name"))];

    private async Task<JsonElement> ShouldGiveAsync(string id, string verb, string state)
    {
        JsonElement study = await api.VerbAsync($"/v1/studies/{id}/{verb}").ShouldAnswerAsync(HttpStatusCode.Accepted);
        study.Text("state").ShouldBe(state);
        return study;
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string tag)
    {
        HttpRequestMessage request = new(HttpMethod.Get, $"/v1/studies/{path}");
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using HttpResponseMessage answer = await api.Http.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
