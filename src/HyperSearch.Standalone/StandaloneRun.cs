using HyperSearch.Standalone.Demo;

namespace HyperSearch.Standalone;

/// <summary>One run of the executable, from the lock to the exit code.</summary>
internal static class StandaloneRun
{
    public static async Task<int> RunAsync(StandaloneSettings settings, CancellationToken cancellationToken)
    {
        using DataFolder? data = DataFolder.Take(settings.Data);
        if (data is null)
        {
            Console.Error.WriteLine(DataFolder.ReadAddress(settings.Data) is { } running
                ? $"HyperSearch already runs on {settings.Data}: {running}"
                : $"HyperSearch is already starting on {settings.Data}.");
            return 2;
        }

        await using WebApplication app = await StandaloneHost.BuildAsync(settings, data, cancellationToken);
        await app.StartAsync(cancellationToken);
        string url = app.Urls.First();
        data.Announce(url);
        int exit = 0;
        try
        {
            if (settings.Demo)
            {
                exit = await DemoRun.RunAsync(settings, url, cancellationToken);
            }
            else
            {
                Console.WriteLine($"HyperSearch serves on {url} with {settings.Slots} slots; data in {settings.Data}. API: {url}/docs  Ctrl+C ends.");
            }

            if (!(settings.Demo && settings.Exit))
            {
                await app.WaitForShutdownAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            exit = settings.Demo && settings.Exit ? 1 : 0;
        }

        await app.StopAsync(CancellationToken.None);
        return exit;
    }
}
