using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HyperSearch.EndToEnd.Tests.Distributed;

namespace HyperSearch.Standalone.Tests;

/// <summary>The built executable on a folder and a port of its own, as a user starts it.</summary>
internal sealed class StandaloneProcess : IAsyncDisposable
{
    private readonly List<HostProcess> _hosts = [];

    public StandaloneProcess()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        Http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public string Url { get; }

    public string Data { get; } = Directory.CreateTempSubdirectory("hypersearch-standalone-").FullName;

    public HttpClient Http { get; }

    /// <summary>Environment of the processes that are started from now on.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public HostProcess Start(params string[] arguments)
    {
        HostProcess host = HostProcess.Start("HyperSearch.Standalone", Settings, ["--data", Data, "--urls", Url, .. arguments]);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Writes a study to a file that <c>--study</c> can name.</summary>
    public string Write(string study)
    {
        string file = Path.Combine(Data, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, study);
        return file;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await Http.GetStringAsync(path, Cancellation));
        return document.RootElement.Clone();
    }

    /// <summary>Polls until the answer is as wanted; a process that does not serve yet is waited for.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> condition, double seconds = 90)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                JsonElement answer = await GetAsync(path);
                if (condition(answer))
                {
                    return answer;
                }
            }
            catch (HttpRequestException) when (!_hosts[^1].HasExited)
            {
                // Not yet serving, or the study is not there yet.
            }

            TimeProvider.System.GetElapsedTime(start).TotalSeconds.ShouldBeLessThan(seconds, $"{path}\n{_hosts[^1].Output}");
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HostProcess host in _hosts)
        {
            await host.DisposeAsync();
        }

        Http.Dispose();
        Directory.Delete(Data, recursive: true);
    }
}
