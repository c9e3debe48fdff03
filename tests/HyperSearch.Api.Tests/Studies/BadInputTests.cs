using System.Net;
using System.Text;
using System.Text.Json;
using HyperSearch.Api.Persistence;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Studies;

/// <summary>Every bad input has its status, its slug and its pointer, and leaves nothing behind.</summary>
public sealed class BadInputTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly TestApi api = fixture.Api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "The body is empty.")]
    [InlineData("{", "line 1")]
    [InlineData("{\"name\": \"a\",}", "line 1")]
    [InlineData("{\"name\": \"\\ud800\"}", "surrogate")]
    [InlineData("{\"\\udc00x\": 1}", "surrogate")]
    [InlineData("nonsense", "line 1")]
    public async Task Create_MalformedJson_Is400(string body, string detail) =>
        (await api.CreateAsync(body).ShouldFailAsync(400, "malformed-json")).Text("detail").ShouldContain(detail);

    [Fact]
    public async Task Create_InvalidUtf8_Is400() =>
        await PostAsync([.. "{\"name\": \""u8, 0xC3, 0x28, .. "\"}"u8]).ShouldFailAsync(400, "malformed-json");

    [Fact]
    public async Task Create_NestedTooDeep_Is400() =>
        await api.CreateAsync(new string('[', 1000) + new string(']', 1000)).ShouldFailAsync(400, "malformed-json");

    [Theory]
    [InlineData("[]", "validation", " wrong-type")]
    [InlineData("null", "validation", " wrong-type")]
    [InlineData("{\"model\": \"synthetic\"}", "validation", "/name validation")]
    [InlineData("{\"name\": \"st_mine\", \"model\": \"synthetic\"}", "validation", "/name not-accepted")]
    [InlineData("{\"name\": \"A b\", \"model\": \"synthetic\"}", "validation", "/name not-accepted")]
    [InlineData("{\"name\": 7, \"model\": \"synthetic\"}", "validation", "/name wrong-type")]
    [InlineData("{\"name\": \"a\\u0000\", \"model\": \"synthetic\"}", "validation", "/name not-accepted")]
    [InlineData("{\"name\": \"a\", \"name\": \"a\", \"model\": \"synthetic\"}", "validation", "/name not-accepted")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetik\"}", "no-such-model", "/model no-such-model")]
    [InlineData("{\"name\": \"a\", \"model\": \"convnet\", \"dataset\": \"mnist\"}", "no-such-dataset", "/dataset no-such-dataset")]
    [InlineData("{\"name\": \"a\", \"model\": \"convnet\"}", "validation", "/dataset validation")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"max_trails\": 3}", "unknown-field", "/max_trails unknown-field")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"search_space\": {\"learnig_rate\": 1}}", "unknown-field", "/search_space/learnig_rate unknown-field")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"algorithm\": \"grid\", \"search_space\": {\"batch_size\": []}}", "validation", "/search_space/batch_size empty-values")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"search_space\": {\"learning_rate\": {\"min\": 0, \"max\": 1, \"scale\": \"log\"}}}", "validation", "/search_space/learning_rate/min log-needs-positive")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"algorithm\": \"successive_halving\", \"search_space\": {\"epochs\": [1, 2]}}", "epochs-is-the-resource", "/search_space/epochs epochs-is-the-resource")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"algorithm\": \"grid\", \"search_space\": {\"epochs\": {\"min\": 1, \"max\": 1000}, \"batch_size\": {\"min\": 1, \"max\": 1000}}}", "space-too-large", "/search_space space-too-large")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"target\": 1e999}", "validation", "/target not-finite")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"max_trials\": 1e300}", "validation", "/max_trials out-of-range")]
    [InlineData("{\"name\": \"a\", \"model\": \"synthetic\", \"max_trials\": 99999999999999999999999}", "validation", "/max_trials out-of-range")]
    public async Task Create_InvalidRequest_Is422WithItsPointer(string body, string slug, string error)
    {
        int before = await CountAsync();

        JsonElement problem = await api.CreateAsync(body).ShouldFailAsync(422, slug);
        JsonElement checkedOnly = await api.CreateAsync(body, "?validate_only=true").ShouldFailAsync(422, slug);

        problem.Errors().ShouldContain(error);
        checkedOnly.Errors().ShouldBe(problem.Errors());
        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Create_UnknownField_SuggestsTheNearest()
    {
        JsonElement problem = await api.CreateAsync(Bodies.Synthetic("\"search_space\": {\"learnig_rate\": 1}, \"sed\": 1")).ShouldFailAsync(422, "unknown-field");

        problem.GetProperty("errors").GetArrayLength().ShouldBe(2);
        problem.GetProperty("errors").EnumerateArray().ShouldContain(e => e.GetProperty("detail").GetString()!.EndsWith("Did you mean \"learning_rate\"?"));
    }

    [Fact]
    public async Task Create_TenMegabytes_Is413()
    {
        int before = await CountAsync();

        await api.CreateAsync(Bodies.Synthetic($"\"notes\": \"{new string('x', 10_000_000)}\"")).ShouldFailAsync(413, "payload-too-large");

        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Create_OneByteMoreThanTheLimit_Is413AndOneAtItIsRead()
    {
        string atLimit = Bodies.Synthetic().PadRight(1_048_576);

        await api.CreateAsync(atLimit + " ").ShouldFailAsync(413, "payload-too-large");
        await api.CreateAsync(atLimit).ShouldAnswerAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Create_OtherMediaType_Is415(string? type)
    {
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(Bodies.Synthetic()));
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type).ShouldBeTrue();
        }

        await api.Http.PostAsync("/v1/studies", content, Cancellation).ShouldFailAsync(415, "unsupported-media-type");
    }

    [Fact]
    public async Task Create_Compressed_Is415()
    {
        StringContent content = HttpAnswers.Json(Bodies.Synthetic());
        content.Headers.ContentEncoding.Add("gzip");

        await api.Http.PostAsync("/v1/studies", content, Cancellation).ShouldFailAsync(415, "unsupported-media-type");
    }

    [Fact]
    public async Task Create_WithByteOrderMark_IsRead() =>
        await PostAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Bodies.Synthetic())]).ShouldAnswerAsync(HttpStatusCode.Created);

    [Theory]
    [InlineData("/v1/studies?lmit=3", "?lmit unknown-field")]
    [InlineData("/v1/studies?limit=0", "?limit out-of-range")]
    [InlineData("/v1/studies?limit=501", "?limit out-of-range")]
    [InlineData("/v1/studies?limit=99999999999999999999", "?limit out-of-range")]
    [InlineData("/v1/studies?limit=ten", "?limit wrong-type")]
    [InlineData("/v1/studies?limit=", "?limit wrong-type")]
    [InlineData("/v1/studies?limit=5&limit=6", "?limit not-accepted")]
    [InlineData("/v1/studies?state=running,paused,gone", "?state not-accepted")]
    [InlineData("/v1/studies?sort=value", "?sort not-accepted")]
    [InlineData("/v1/studies?q=%00", "?q not-accepted")]
    [InlineData("/v1/studies?label=nlp", "?label not-accepted")]
    [InlineData("/v1/studies?cursor=abc", "?cursor not-accepted")]
    [InlineData("/v1/studies?cursor=%F0%9F", "?cursor not-accepted")]
    [InlineData("/v1/studies/any?verbose=true", "?verbose unknown-field")]
    [InlineData("/v1/meta?x=1", "?x unknown-field")]
    [InlineData("/v1/workers?state=busy", "?state not-accepted")]
    public async Task Get_BadQueryParameter_Is422(string path, string error) =>
        (await api.Http.GetAsync(path, Cancellation).ShouldFailAsync(422, error.EndsWith("unknown-field") ? "unknown-field" : "validation")).Errors().ShouldBe([error]);

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v2/studies")]
    [InlineData("/v1/studies/no-such-study")]
    [InlineData("/v1/studies/no%20such%0Astudy")]
    [InlineData("/v1/studies/no-such-study/leaderboard")]
    [InlineData("/v1/studies/no-such-study/best/model")]
    [InlineData("/v1/studies/no-such-study/best/confusion-matrix")]
    [InlineData("/v1/workers/7")]
    [InlineData("/metrics")]
    public async Task Get_UnknownResource_Is404(string path) => await api.Http.GetAsync(path, Cancellation).ShouldFailAsync(404, "not-found");

    [Theory]
    [InlineData("PUT", "/v1/studies")]
    [InlineData("PUT", "/v1/studies/any")]
    [InlineData("PATCH", "/v1/studies/any/trials/0")]
    [InlineData("GET", "/v1/studies/any/pause")]
    [InlineData("DELETE", "/v1/meta")]
    public async Task Request_OtherMethod_Is405(string method, string path) =>
        await api.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation).ShouldFailAsync(405, "method-not-allowed");

    [Theory]
    [InlineData("0")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task Get_UnknownTrial_Is404(string number)
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic());

        await api.Http.GetAsync($"/v1/studies/{id}/trials/{number}", Cancellation).ShouldFailAsync(404, "not-found");
        await api.Http.GetAsync($"/v1/studies/{id}/trials/{number}/reports", Cancellation).ShouldFailAsync(404, "not-found");
    }

    private Task<HttpResponseMessage> PostAsync(byte[] body)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = new("application/json");
        return api.Http.PostAsync("/v1/studies", content, Cancellation);
    }

    private async Task<int> CountAsync()
    {
        await using SearchDb db = api.Get<SearchDbs>().Read();
        return await db.Studies.CountAsync(Cancellation) + await db.Documents.CountAsync(Cancellation) + await db.IdempotencyKeys.CountAsync(Cancellation);
    }
}
