using System.Text.Json;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests;

/// <summary>The events that a worker sends of a command.</summary>
internal static class Events
{
    public static TrialEvent Started(RunTrial run, Guid by) =>
        new() { Attempt = run.Attempt, Incarnation = by, Started = new TrialStarted { Threads = 1 } };

    /// <summary>An epoch; with its checkpoint unless told otherwise.</summary>
    public static TrialEvent Reported(RunTrial run, Guid by, int epoch, double loss, bool checkpoint = true) =>
        new() { Attempt = run.Attempt, Incarnation = by, Reported = new TrialReported(Epoch(epoch, loss), checkpoint ? Checkpoint(run, epoch) : null) };

    /// <summary>The whole segment with the same loss in every epoch.</summary>
    public static TrialEvent Completed(RunTrial run, Guid by, double loss) => Completed(run, by, _ => loss);

    public static TrialEvent Completed(RunTrial run, Guid by, Func<int, double> loss) => new()
    {
        Attempt = run.Attempt,
        Incarnation = by,
        Completed = new SegmentCompleted
        {
            Reports = [.. Enumerable.Range(run.FromEpoch + 1, run.ToEpoch - run.FromEpoch).Select(e => Epoch(e, loss(e)))],
            Checkpoint = Checkpoint(run, run.ToEpoch),
            DeviceSeconds = (run.ToEpoch - run.FromEpoch) * 0.5,
        },
    };

    public static TrialEvent Diverged(RunTrial run, Guid by) => new()
    {
        Attempt = run.Attempt,
        Incarnation = by,
        Completed = new SegmentCompleted { Diverged = true, DivergedEpoch = run.FromEpoch + 1 },
    };

    public static TrialEvent Scored(RunTrial run, Guid by, double value) => new()
    {
        Attempt = run.Attempt,
        Incarnation = by,
        Completed = new SegmentCompleted { Test = new TestScore { Value = value, Examples = 1000, StandardError = 0.01 } },
    };

    /// <summary>A probe in which each value is a depth's score.</summary>
    public static TrialEvent Probed(RunTrial run, Guid by, params IReadOnlyList<double> values) => new()
    {
        Attempt = run.Attempt,
        Incarnation = by,
        Completed = new SegmentCompleted
        {
            Probe = new ProbeMeasurement { Depths = [.. values.Select((v, i) => new ProbedDepth(i + 1, v, 0.02))], Examples = 500, HeldOut = 130 },
        },
    };

    public static TrialEvent Returned(RunTrial run, Guid by, ReturnCause cause, int? checkpoint = null) => new()
    {
        Attempt = run.Attempt,
        Incarnation = by,
        Returned = new SegmentReturned { Cause = cause, Checkpoint = checkpoint is { } epoch ? Checkpoint(run, epoch) : null },
    };

    public static TrialEvent Failed(RunTrial run, Guid by, string kind, string message = "broken", bool retryable = false) =>
        new() { Attempt = run.Attempt, Incarnation = by, Failed = new TrialFailed { Kind = kind, Message = message, Retryable = retryable } };

    public static CheckpointReference Checkpoint(RunTrial run, int epoch)
    {
        string trial = run.Attempt.Number < 0 ? "baseline" : $"{run.Attempt.Number}";
        return new CheckpointReference(epoch, $"studies/{run.Attempt.StudyId}/trials/{trial}/{run.Attempt.Attempt}/{epoch}", "hash");
    }

    /// <summary>A loss that depends on the learning rate and falls with the epochs.</summary>
    public static double Loss(RunTrial run, int epoch)
    {
        using JsonDocument parameters = JsonDocument.Parse(run.Parameters);
        return Math.Abs(Math.Log10(parameters.RootElement.GetProperty("learning_rate").GetDouble()) + 2) + (1.0 / epoch);
    }

    private static EpochMetrics Epoch(int epoch, double loss) =>
        new() { Epoch = epoch, ValLoss = loss, ValAccuracy = 1 / (1 + loss), TrainValue = loss * 0.9, LearningRate = 0.01, Seconds = 0.5 };
}
