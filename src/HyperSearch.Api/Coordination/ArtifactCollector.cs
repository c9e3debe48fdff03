using System.Threading.Channels;
using HyperSearch.Artifacts;

namespace HyperSearch.Api.Coordination;

/// <summary>Deletes artifacts after the commit that freed them. Only the API deletes, and never before.</summary>
internal sealed partial class ArtifactCollector(IArtifactStore store, ILogger<ArtifactCollector> logger) : BackgroundService
{
    private readonly Channel<string> _keys = Channel.CreateUnbounded<string>();

    public void Delete(string key) => _keys.Writer.TryWrite(key);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (string key in _keys.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await store.DeleteAsync(key, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Left behind, never wrong: nothing refers to it any more.
                LogLeft(logger, key, error);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Artifacts {Key} could not be deleted")]
    private static partial void LogLeft(ILogger logger, string key, Exception error);
}
