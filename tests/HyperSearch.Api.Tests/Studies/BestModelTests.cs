using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.Studies;

public sealed class BestModelTests : IAsyncLifetime
{
    private readonly FakeWorker worker = new(slots: 1);
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(null, worker);

    public ValueTask DisposeAsync() => api.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_CompletedWinner_IsAZipThatCanBeReadInRanges()
    {
        string id = await CompleteAsync("""{"name": "winner", "model": "convnet", "dataset": "fashion-mnist-sample", "max_trials": 1, "baseline": false, "seed": 5}""", withModel: true);
        string path = $"/v1/studies/{id}/best/model";

        using HttpResponseMessage answer = await api.Http.GetAsync(path, Cancellation);
        byte[] zip = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        HttpRequestMessage ranged = new(HttpMethod.Get, path);
        ranged.Headers.Range = new RangeHeaderValue(10, 29);
        ranged.Headers.IfRange = new RangeConditionHeaderValue(answer.Headers.ETag!);
        using HttpResponseMessage part = await api.Http.SendAsync(ranged, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(zip[10..30]);
        using ZipArchive archive = new(new MemoryStream(zip));
        archive.Entries.Select(e => e.FullName).Order().ShouldBe(["README.md", "config.json", "model.safetensors"]);
        using StreamReader card = new(archive.GetEntry("README.md")!.Open());
        (await card.ReadToEndAsync(Cancellation)).ShouldContain("`winner`");
    }

    [Fact]
    public async Task Get_ConfusionMatrix_IsWhatTheWorkerWroteBesideTheModel()
    {
        string id = await CompleteAsync("""{"name": "winner", "model": "convnet", "dataset": "fashion-mnist-sample", "max_trials": 1, "baseline": false, "seed": 5}""", withModel: true);
        string path = $"/v1/studies/{id}/best/confusion-matrix";
        (await api.Http.GetAsync(path, Cancellation).ShouldFailAsync(404, "not-found")).Text("detail").ShouldContain("without a confusion matrix");

        string model = Directory.GetDirectories(api.ArtifactFolder, "best", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(Path.Combine(model, "confusion_matrix.json"), """{"epoch":3,"examples":10,"labels":["shirt","shoe"],"matrix":[[4,1],[2,3]]}""", Cancellation);
        JsonElement answer = await api.GetJsonAsync(path);

        JsonNode.DeepEquals(JsonNode.Parse(answer.GetRawText()), JsonNode.Parse("""{"trial":0,"epoch":3,"examples":10,"labels":["shirt","shoe"],"matrix":[[4,1],[2,3]]}""")).ShouldBeTrue(answer.GetRawText());
        await api.Http.GetAsync("/v1/studies/nobody/best/confusion-matrix", Cancellation).ShouldFailAsync(404, "not-found");
    }

    [Fact]
    public async Task Get_ModelThatIsNotThere_Is404()
    {
        string id = await CompleteAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"), withModel: false);

        (await api.Http.GetAsync($"/v1/studies/{id}/best/model", Cancellation).ShouldFailAsync(404, "not-found")).Text("detail").ShouldContain("Synthetic");
    }

    private async Task<string> CompleteAsync(string body, bool withModel)
    {
        string id = await api.NewStudyAsync(body);
        await worker.BeatAsync();
        RunTrial run = await worker.TakeAsync();
        if (withModel)
        {
            DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(api.ArtifactFolder, Events.Checkpoint(run, run.ToEpoch).Key, "best"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "config.json"), "{}", Cancellation);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "model.safetensors"), [.. Enumerable.Range(0, 1000).Select(i => (byte)i)], Cancellation);
        }

        await worker.SendAsync(Events.Completed(run, worker.Incarnation, 0.5));
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("best").ValueKind == JsonValueKind.Object && s.GetProperty("best").GetProperty("final").GetBoolean());
        return id;
    }
}
