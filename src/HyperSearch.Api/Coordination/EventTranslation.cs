using System.Diagnostics.CodeAnalysis;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using BusSegmentCompleted = HyperSearch.Messaging.SegmentCompleted;

namespace HyperSearch.Api.Coordination;

/// <summary>From the bus's words to the rules' inputs.</summary>
internal static class EventTranslation
{
    /// <summary>The input that a train event stands for.</summary>
    /// <exception cref="InvalidOperationException">An event without content.</exception>
    public static StudyInput ToInput(this TrialEvent e)
    {
        AttemptFence by = new(e.Attempt.Number, e.Attempt.Attempt, e.Incarnation);
        return e switch
        {
            { Started: { } s } => new StudyInput.Started(by, new TrialFacts
            {
                MicroBatch = s.MicroBatch,
                BatchNormMicro = s.BatchNormMicro,
                Threads = s.Threads,
                Cpu = Text(s.Cpu),
                Libtorch = Text(s.Libtorch),
                HeadKept = s.HeadKept,
                ValidationExamples = s.ValidationExamples,
            }),
            { Reported: { } r } => new StudyInput.Reported(by, ToReport(r.Metrics), ToCheckpoint(r.Checkpoint)),
            { Completed: { } c } => new StudyInput.SegmentCompleted(by, ToReports(c.Reports), ToCheckpoint(c.Checkpoint), DivergedEpoch(c), c.StoppedEarly, c.DeviceSeconds),
            { Returned: { } r } => new StudyInput.SegmentReturned(by, ToReports(r.Reports), ToCheckpoint(r.Checkpoint), r.Cause == ReturnCause.ChildDied, r.DeviceSeconds)
            {
                MicroBatch = r.MicroBatch is > 0 ? r.MicroBatch : null,
            },
            { Failed: { } f } => new StudyInput.TrialFailed(by, ToReports(f.Reports), ToKind(f.Kind), Text(f.Message), f.Retryable, f.DeviceSeconds),
            _ => throw new InvalidOperationException($"The event of {e.Attempt} has no content."),
        };
    }

    /// <summary>What the end of a segment without training says.</summary>
    public static StudyInput ToInput(this BusSegmentCompleted completed, StudySegment segment) => (segment.Kind, completed) switch
    {
        (StudySegmentKind.Evaluate, { Test: { } test }) => new StudyInput.Scored(segment.Number, Finite(test.Value), test.Examples, Finite(test.StandardError), Text(test.Missing)),
        (StudySegmentKind.Probe, { Probe: { Missing: null } p }) when p.Depths.All(d => double.IsFinite(d.Value)) =>
            new StudyInput.Probed(new([.. p.Depths.Select(d => new DepthScore(d.Blocks, d.Value, Finite(d.StandardError)))], p.Examples, p.HeldOut), null),
        (StudySegmentKind.Probe, { Probe.Missing: { } missing }) => segment.Without(Text(missing)),
        _ => segment.Without("The worker sent no score."),
    };

    // A divergence without its epoch still is one: the epoch after the last report.
    private static int? DivergedEpoch(BusSegmentCompleted c) =>
        c.Diverged ? c.DivergedEpoch ?? (c.Reports.Count > 0 ? c.Reports[^1].Epoch + 1 : 1) : null;

    private static FailureKind ToKind(string kind) => kind switch
    {
        "bad_parameters" => FailureKind.BadParameters,
        "out_of_memory" => FailureKind.OutOfMemory,
        "dataset_error" => FailureKind.DatasetError,
        _ => FailureKind.Internal,
    };

    private static Checkpoint? ToCheckpoint(CheckpointReference? c) => c is null ? null : new(c.Epoch, c.Key);

    private static EpochReport[] ToReports(IReadOnlyList<EpochMetrics> reports) => [.. reports.Select(ToReport)];

    private static EpochReport ToReport(EpochMetrics m) => new()
    {
        Epoch = m.Epoch,
        ValLoss = Finite(m.ValLoss),
        ValAccuracy = Finite(m.ValAccuracy),
        ValBalancedAccuracy = Finite(m.ValBalancedAccuracy),
        ValMacroF1 = Finite(m.ValMacroF1),
        ValAuroc = Finite(m.ValAuroc),
        TrainValue = Finite(m.TrainValue),
        FitLoss = Finite(m.FitLoss),
        LearningRate = Finite(m.LearningRate),
        Seconds = double.IsFinite(m.Seconds) ? Math.Max(0, m.Seconds) : 0,
        ExamplesPerSecond = Finite(m.ExamplesPerSecond),
        PeakDeviceBytes = m.PeakDeviceBytes,
    };

    // PostgreSQL stores no U+0000; an event must not be refused for what its text says.
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Text(string? text) => text?.Replace('\0', '\uFFFD');

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
