using System.Text.Json;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;

namespace HyperSearch.Worker.Segments;

/// <summary>What an attempt has achieved so far, and the events that tell it.</summary>
internal sealed class AttemptRecord(AttemptReference attempt, Guid incarnation)
{
    private readonly List<EpochMetrics> _reports = [];

    public AttemptReference Attempt => attempt;

    /// <summary>The last durable checkpoint of this attempt.</summary>
    public CheckpointReference? Checkpoint { get; set; }

    public TimeSpan DeviceTime { get; set; }

    public TrialEvent Started(TrialStarted facts) => Event() with { Started = facts };

    public TrialEvent Reported(EpochMetrics metrics)
    {
        _reports.Add(metrics);
        return Event() with { Reported = new TrialReported(metrics, Checkpoint) };
    }

    /// <summary>Whether epochs were reported that no checkpoint of this attempt holds: only a new attempt makes the API forget them.</summary>
    public bool IsAhead => _reports.Exists(r => r.Epoch > (Checkpoint?.Epoch ?? 0));

    public TrialEvent Completed(SegmentEnd end)
    {
        bool diverged = end.Kind == SegmentEndKind.Diverged;
        return Event() with
        {
            Completed = new SegmentCompleted
            {
                Reports = [.. _reports],
                Checkpoint = diverged ? null : Checkpoint,
                Diverged = diverged,
                DivergedEpoch = end.DivergedEpoch,
                StoppedEarly = end.Kind == SegmentEndKind.StoppedEarly,
                DeviceSeconds = DeviceTime.TotalSeconds,
                Test = end.Test,
                Probe = end.Probe,
            },
        };
    }

    public TrialEvent Returned(ReturnCause cause, string? detail = null, int? microBatch = null) => Event() with
    {
        Returned = new SegmentReturned
        {
            Cause = cause,
            Detail = detail,
            Reports = [.. _reports.Where(r => r.Epoch <= (Checkpoint?.Epoch ?? 0))],
            Checkpoint = Checkpoint,
            MicroBatch = microBatch,
            DeviceSeconds = DeviceTime.TotalSeconds,
        },
    };

    public TrialEvent Failed(FailureKind kind, string message, bool retryable) => Event() with
    {
        Failed = new TrialFailed
        {
            Kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()),
            Message = message,
            Retryable = retryable,
            Reports = [.. _reports],
            DeviceSeconds = DeviceTime.TotalSeconds,
        },
    };

    private TrialEvent Event() => new() { Attempt = attempt, Incarnation = incarnation };
}
