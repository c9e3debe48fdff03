using HyperSearch.Api.Persistence;
using HyperSearch.Artifacts;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// Once a day deletes what no row names: folders of deleted studies and trials, and the checkpoints of final trials that
/// were freed but could not be deleted then. What is younger than a day, or of a trial that is not final, is left alone.
/// </summary>
internal sealed partial class ArtifactSweep(
    SearchDbs dbs, IArtifactStore store, IOptions<CoordinationOptions> options, TimeProvider time, ILogger<ArtifactSweep> logger) : BackgroundService
{
    private static readonly TimeSpan MinAge = TimeSpan.FromDays(1);

    // Not at the start, which has more to do; not a day later, which a host that is restarted daily never reaches.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromHours(1);

    /// <summary>Sweeps once.</summary>
    /// <param name="cancellationToken">Ends it early; what is left is the next one's.</param>
    /// <returns>How many folders were deleted.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await store.RemoveTemporaryAsync(cancellationToken);
        int deleted = 0;
        foreach (string study in await store.ChildrenAsync(ArtifactKeys.Studies, cancellationToken))
        {
            foreach (string key in await UnnamedAsync(study, cancellationToken))
            {
                if (await store.LastWriteAsync(key, cancellationToken) < time.GetUtcNow() - MinAge)
                {
                    await store.DeleteAsync(key, cancellationToken);
                    deleted++;
                }
            }
        }

        return deleted;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.ArtifactSweepHours == 0)
        {
            return;
        }

        TimeSpan period = TimeSpan.FromHours(options.Value.ArtifactSweepHours);
        using PeriodicTimer timer = new(period < FirstAfter ? period : FirstAfter, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            timer.Period = period;
            try
            {
                int deleted = await RunAsync(stoppingToken);
                LogSwept(logger, deleted);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotSwept(logger, error);
            }
        }
    }

    /// <summary>The keys of a study, the highest there are, under which no row names anything.</summary>
    private async Task<List<string>> UnnamedAsync(string study, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (!await db.Studies.AnyAsync(s => s.Id == study, cancellationToken))
        {
            return [ArtifactKeys.Study(study)];
        }

        var rows = await db.Trials.Where(t => t.StudyId == study).Select(t => new { t.Number, t.State, t.CheckpointKey }).ToListAsync(cancellationToken);
        HashSet<string> unfinished = [.. rows.Where(t => !t.State.IsFinal()).Select(t => ArtifactKeys.Trial(study, t.Number))];
        HashSet<string> checkpoints = [.. rows.Select(t => t.CheckpointKey).OfType<string>()];
        HashSet<string> above = [.. checkpoints.SelectMany(Parents)];
        List<string> unnamed = [];
        Stack<string> open = new([ArtifactKeys.Trials(study)]);
        while (open.TryPop(out string? parent))
        {
            foreach (string name in await store.ChildrenAsync(parent, cancellationToken))
            {
                string key = $"{parent}/{name}";
                if (unfinished.Contains(key) || checkpoints.Contains(key))
                {
                    continue;
                }

                if (above.Contains(key))
                {
                    open.Push(key);
                }
                else
                {
                    unnamed.Add(key);
                }
            }
        }

        return unnamed;
    }

    private static IEnumerable<string> Parents(string key)
    {
        for (int end = key.LastIndexOf('/'); end > 0; end = key.LastIndexOf('/', end - 1))
        {
            yield return key[..end];
        }
    }

    [LoggerMessage(LogLevel.Information, "{Deleted} folders of artifacts that nothing refers to were deleted")]
    private static partial void LogSwept(ILogger logger, int deleted);

    [LoggerMessage(LogLevel.Warning, "The artifacts could not be swept this time")]
    private static partial void LogNotSwept(ILogger logger, Exception error);
}
