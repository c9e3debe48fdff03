using System.Net;
using System.Text.Json.Nodes;

namespace HyperSearch.Api.Tests.OpenApi;

public sealed class OpenApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly string[] methods = ["get", "post", "put", "patch", "delete"];
    private readonly TestApi api = fixture.Api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_IsTheOneBesideTheProject()
    {
        JsonNode document = await ReadAsync("/openapi/v1.json");
        string path = Path.Combine(CheckedIn.ApiFolder, "openapi.json");
        if (CheckedIn.Updates)
        {
            CheckedIn.Write(path, document);
        }

        JsonNode.DeepEquals(document, JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation)))
            .ShouldBeTrue("The interface has changed: run these tests once with HYPERSEARCH_UPDATE=1 and commit openapi.json.");
    }

    [Fact]
    public async Task Documents_AreInBothVersions()
    {
        (await ReadAsync("/openapi/v1.json"))["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        (await ReadAsync("/openapi/3.0/v1.json"))["openapi"]!.GetValue<string>().ShouldStartWith("3.0");
        using HttpResponseMessage page = await api.Http.GetAsync("/docs/index.html", Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        await api.Http.GetAsync("/openapi/v9.json", Cancellation).ShouldFailAsync(404, "not-found");
    }

    [Fact]
    public async Task Operations_SayAllThatClientsNeed()
    {
        JsonNode document = await ReadAsync("/openapi/v1.json");
        List<string> missing = [];
        HashSet<string> ids = [];
        foreach ((string name, JsonObject operation) in Operations(document))
        {
            Require(operation["operationId"] is { } id && ids.Add(id.GetValue<string>()), $"{name}: operationId");
            Require(operation["summary"] is not null, $"{name}: summary");
            Require(operation["tags"] is JsonArray { Count: 1 }, $"{name}: tag");
            JsonObject responses = operation["responses"]!.AsObject();
            Require(responses.Any(r => r.Key.StartsWith('4')), $"{name}: errors");
            IEnumerable<(string, JsonNode?)> bodies = responses.Select(r => ($"{name} {r.Key}", r.Value!["content"])).Append(($"{name} body", operation["requestBody"]?["content"]));
            foreach ((string part, JsonNode? content) in bodies)
            {
                IEnumerable<KeyValuePair<string, JsonNode?>> json = content?.AsObject().Where(c => c.Key.EndsWith("json", StringComparison.Ordinal)) ?? [];
                missing.AddRange(json.Where(c => c.Value!["example"] is null).Select(c => $"{part}: example of {c.Key}"));
            }

            void Require(bool there, string what)
            {
                if (!there)
                {
                    missing.Add(what);
                }
            }
        }

        missing.ShouldBeEmpty();
        ids.Count.ShouldBe(33);
        document.ToJsonString().ShouldNotContain("discriminator");
    }

    private static IEnumerable<(string, JsonObject)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where methods.Contains(operation.Key)
        select ($"{operation.Key} {path.Key}", operation.Value!.AsObject());

    private async Task<JsonNode> ReadAsync(string path) => JsonNode.Parse(await api.Http.GetStringAsync(path, Cancellation)).ShouldNotBeNull();
}
