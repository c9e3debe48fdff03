using System.Net;
using System.Text;
using System.Text.Json;

namespace HyperSearch.Api.Tests;

/// <summary>Requests and what they are answered with.</summary>
internal static class HttpAnswers
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static Task<HttpResponseMessage> CreateAsync(this TestApi api, string body, string query = "", string? key = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/v1/studies" + query) { Content = Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return api.Http.SendAsync(request, Cancellation);
    }

    /// <summary>Creates a study and gives its id.</summary>
    public static async Task<string> NewStudyAsync(this TestApi api, string body) =>
        (await api.CreateAsync(body).ShouldAnswerAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!;

    public static Task<JsonElement> GetJsonAsync(this TestApi api, string path) => api.Http.GetAsync(path, Cancellation).ShouldAnswerAsync(HttpStatusCode.OK);

    public static Task<HttpResponseMessage> VerbAsync(this TestApi api, string path) => api.Http.PostAsync(path, null, Cancellation);

    public static async Task<JsonElement> ShouldAnswerAsync(this Task<HttpResponseMessage> pending, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await pending;
        string body = await answer.Content.ReadAsStringAsync(Cancellation);
        answer.StatusCode.ShouldBe(status, body);
        return JsonElement.Parse(body);
    }

    /// <summary>Checks that an answer is problem details with status and slug, and gives it.</summary>
    public static async Task<JsonElement> ShouldFailAsync(this Task<HttpResponseMessage> pending, int status, string slug)
    {
        using HttpResponseMessage answer = await pending;
        string body = await answer.Content.ReadAsStringAsync(Cancellation);
        ((int)answer.StatusCode).ShouldBe(status, body);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        JsonElement problem = JsonElement.Parse(body);
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{slug}", body);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("trace_id").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    /// <summary>The errors of a problem as <c>pointer code</c>.</summary>
    public static string[] Errors(this JsonElement problem) =>
        [.. problem.GetProperty("errors").EnumerateArray().Select(e => $"{e.GetProperty("pointer").GetString()} {e.GetProperty("code").GetString()}")];

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static int Int(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    public static JsonElement[] Items(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    /// <summary>All items of a list, page by page.</summary>
    public static async Task<List<JsonElement>> AllPagesAsync(this TestApi api, string path)
    {
        List<JsonElement> items = [];
        string? cursor = null;
        do
        {
            JsonElement page = await api.GetJsonAsync(cursor is null ? path : $"{path}{(path.Contains('?') ? '&' : '?')}cursor={cursor}");
            items.AddRange(page.Items());
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return items;
    }
}
