using HyperSearch.Messaging;
using MassTransit;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// What follows a committed change of a study and may be lost without harm to it: heartbeats and the safety net make up for
/// signals. Artifacts that are not deleted stay behind, named by no row.
/// </summary>
internal sealed partial class AfterCommit(IBus bus, ArtifactCollector artifacts, OfferSignal offers, IOptions<CoordinationOptions> options, TimeProvider time, ILogger<AfterCommit> logger)
{
    public void Run(OpenStudy study)
    {
        foreach (string key in study.FreedKeys)
        {
            artifacts.Delete(key);
        }

        foreach (int number in study.FreedTrials)
        {
            artifacts.Delete(ArtifactKeys.Trial(study.Study.Id, number));
        }

        if (study.OffersChanged)
        {
            offers.Set();
        }

        foreach ((Guid incarnation, StopTrial stop) in study.Stops)
        {
            // Not awaited: in an outage of the broker a send takes as long as it may.
            _ = StopAsync(incarnation, stop);
        }
    }

    private async Task StopAsync(Guid incarnation, StopTrial stop)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(options.Value.SendTimeoutSeconds), time);
        try
        {
            await bus.PublishTo(incarnation, stop, timeout.Token);
        }
        catch (Exception error)
        {
            LogNotTold(logger, incarnation, stop.Attempt, error);
        }
    }

    [LoggerMessage(LogLevel.Information, "Worker {Incarnation} was not told at once to stop {Attempt}; its next heartbeat will be answered so")]
    private static partial void LogNotTold(ILogger logger, Guid incarnation, AttemptReference attempt, Exception error);
}
