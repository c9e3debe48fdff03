using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HyperSearch.Benchmarks;

/// <summary>Submits studies to a running API and waits for their end.</summary>
internal sealed class StudyClient : IDisposable
{
    public StudyClient()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        Http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public string Url { get; }

    public HttpClient Http { get; }

    public Task UntilReadyAsync() => UntilAsync(async () =>
    {
        try
        {
            return (await Http.GetAsync("/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    public Task UntilWorkersAsync(int count) => UntilAsync(async () =>
        (await GetAsync("/v1/workers")).GetProperty("items").EnumerateArray().Count(w => w.GetProperty("state").GetString() == "active") >= count);

    /// <summary>Submits a study and returns its id.</summary>
    public async Task<string> SubmitAsync(JsonObject study)
    {
        HttpResponseMessage response = await Http.PostAsJsonAsync("/v1/studies", study);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    /// <summary>Seconds from the request to the end of the study.</summary>
    public async Task<double> RunAsync(JsonObject study)
    {
        long start = TimeProvider.System.GetTimestamp();
        string id = await SubmitAsync(study);
        await UntilAsync(async () => (await GetAsync($"/v1/studies/{id}")).GetProperty("state").GetString() is "completed" or "failed", everyMs: 250);
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Seconds from the request to the first report of any trial.</summary>
    public async Task<double> UntilFirstReportAsync(JsonObject study)
    {
        long start = TimeProvider.System.GetTimestamp();
        string id = await SubmitAsync(study);
        await UntilAsync(async () => (await GetAsync($"/v1/studies/{id}")).GetProperty("epochs_executed").GetInt64() > 0);
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await Http.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    public void Dispose() => Http.Dispose();

    /// <summary>Polls a condition. What waits for the end of a study looks seldom: every look costs the API time too.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, int everyMs = 20)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(everyMs));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync();
        }
    }
}
