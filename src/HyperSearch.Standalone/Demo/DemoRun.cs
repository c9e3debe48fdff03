using System.Runtime.CompilerServices;
using System.Text.Json;
using HyperSearch.Contracts;
using Spectre.Console;

namespace HyperSearch.Standalone.Demo;

/// <summary>Submits a study, shows its progress, ends with its leaderboard.</summary>
internal static class DemoRun
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns 0 if the study completed, else 1.</summary>
    public static async Task<int> RunAsync(StandaloneSettings settings, string url, CancellationToken cancellationToken)
    {
        string request = await ReadStudyAsync(settings, cancellationToken);
        using DemoClient client = new(url);
        StudyResponse study;
        try
        {
            if (settings.Fresh && NameOf(request) is { } name)
            {
                await client.DeleteAsync(name, cancellationToken);
            }

            study = await client.SubmitAsync(request, cancellationToken);
        }
        catch (InvalidOperationException refused)
        {
            Console.Error.WriteLine(refused.Message);
            return 1;
        }

        IAnsiConsole console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 160;
        }

        DemoSnapshot end = await client.GetAsync(study.Id, cancellationToken);
        if (end.IsFinal)
        {
            console.WriteLine($"This study is already finished; --fresh runs it again. Data: {settings.Data}");
        }
        else
        {
            console.WriteLine($"HyperSearch on {url}: study {study.Name} with {settings.Slots} slots. Data: {settings.Data}");
            IProgressView view = console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected ? new LiveView(console) : new LineView(Console.Out);
            await view.ShowAsync(LooksAsync(client, study.Id, look => end = look, cancellationToken));
        }

        LeaderboardView.Write(console, end, url);
        if (!settings.Exit)
        {
            console.WriteLine($"Serving on {url} (API: {url}/docs). Ctrl+C ends.");
        }

        return end.Study.State == "completed" ? 0 : 1;
    }

    private static async IAsyncEnumerable<(DemoSnapshot Look, TimeSpan Elapsed, TimeSpan? Left)> LooksAsync(
        DemoClient client, string id, Action<DemoSnapshot> seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Between);
        long start = TimeProvider.System.GetTimestamp();
        long? before = null;
        while (true)
        {
            DemoSnapshot look = await client.GetAsync(id, cancellationToken);
            seen(look);
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
            before ??= look.Study.EpochsExecuted;
            long done = look.Study.EpochsExecuted - before.Value;
            TimeSpan? left = done > 0 ? elapsed * (Math.Max(0, look.TotalEpochs - look.Study.EpochsExecuted) / (double)done) : null;
            yield return (look, elapsed, left);
            if (look.IsFinal)
            {
                yield break;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<string> ReadStudyAsync(StandaloneSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Study is { } file)
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }

        using StreamReader sample = new(typeof(DemoRun).Assembly.GetManifestResourceStream("fashion-first.json")!);
        return await sample.ReadToEndAsync(cancellationToken);
    }

    private static string? NameOf(string request)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(request);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("name", out JsonElement name) ? name.GetString() : null;
        }
        catch (JsonException)
        {
            // The API says what is wrong with it.
            return null;
        }
    }
}
