using System.Net;
using System.Text;
using System.Text.Json;
using HyperSearch.Contracts;

namespace HyperSearch.Standalone.Demo;

/// <summary>What the demo asks of the API: over HTTP, as any other client.</summary>
internal sealed class DemoClient(string url) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HttpClient _http = new() { BaseAddress = new Uri(url) };

    /// <summary>Submits a study, or finds the equal one that is there.</summary>
    /// <exception cref="InvalidOperationException">The API refused it; the message is for people.</exception>
    public async Task<StudyResponse> SubmitAsync(string study, CancellationToken cancellationToken)
    {
        using StringContent body = new(study, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync("/v1/studies?if_exists=return", body, cancellationToken);
        return await ReadAsync<StudyResponse>(response, cancellationToken);
    }

    /// <summary>Deletes a finished study of that name, if there is one.</summary>
    /// <exception cref="InvalidOperationException">It is not finished.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.DeleteAsync($"/v1/studies/{Uri.EscapeDataString(name)}", cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotFound))
        {
            await RefuseAsync(response, cancellationToken);
        }
    }

    /// <summary>The study and its whole leaderboard.</summary>
    public async Task<DemoSnapshot> GetAsync(string id, CancellationToken cancellationToken)
    {
        StudyResponse study = await GetAsync<StudyResponse>($"/v1/studies/{id}", cancellationToken);
        List<LeaderboardEntry> rows = [];
        string? cursor = null;
        do
        {
            string at = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            Page<LeaderboardEntry> page = await GetAsync<Page<LeaderboardEntry>>($"/v1/studies/{id}/leaderboard?limit=500{at}", cancellationToken);
            rows.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return new DemoSnapshot(study, rows);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(path, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            await RefuseAsync(response, cancellationToken);
        }

        return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken)
            ?? throw new InvalidOperationException("The API answered with nothing.");
    }

    private static async Task RefuseAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new InvalidOperationException($"The API answered {(int)response.StatusCode}: {text}");
    }
}
