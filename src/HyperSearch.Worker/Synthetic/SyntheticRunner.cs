using System.Diagnostics;
using HyperSearch.Core.ModelFamilies.Synthetic;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Synthetic;

/// <summary>Runs a formula instead of a training, for benchmarks, capacity planning and tests; touches no tensor.</summary>
internal sealed class SyntheticRunner(TimeProvider time) : ISegmentRunner
{
    // A long epoch is not a stall: it counts as batches of this length.
    private static readonly TimeSpan Batch = TimeSpan.FromSeconds(0.5);

    public SegmentEnd Run(Segment segment, ISegmentObserver observer, SegmentStops stops)
    {
        RunTrial trial = segment.Job.Trial;
        observer.Started(new TrialStarted { Threads = 1, Cpu = CpuModel.Name });
        if (trial.Attempt.Kind != SegmentKind.Train)
        {
            return new(SegmentEndKind.Completed)
            {
                Test = trial.Attempt.Kind == SegmentKind.Evaluate ? new() { Missing = "the synthetic family has no test split" } : null,
                Probe = trial.Attempt.Kind == SegmentKind.Probe ? new() { Missing = "the synthetic family has no features" } : null,
            };
        }

        try
        {
            CheckResume(segment.Job.CheckpointFolder, trial);
        }
        catch (InvalidDataException exception)
        {
            return SegmentEnd.Failed(FailureKind.Internal, exception.Message, retryable: false);
        }

        SyntheticOptions options = segment.Spec.Model.Synthetic ?? new();
        SyntheticCurve curve = new(segment.Parameters, options, segment.Spec.Seed, trial.Attempt.Number, trial.Seed);
        return Train(segment, curve, TimeSpan.FromMilliseconds(options.EpochMs), observer, stops);
    }

    private SegmentEnd Train(Segment segment, SyntheticCurve curve, TimeSpan epochTime, ISegmentObserver observer, SegmentStops stops)
    {
        RunTrial trial = segment.Job.Trial;
        int? exhausted = curve.StopsEarlyAt(segment.Spec.Objective, segment.Spec.EarlyStoppingPatience);
        long? lastCheckpoint = null;
        for (int epoch = trial.FromEpoch + 1; epoch <= trial.ToEpoch; epoch++)
        {
            if (!Spend(epochTime, observer, stops.Now))
            {
                return new(SegmentEndKind.StoppedNow);
            }

            if (epoch == curve.FailsAt)
            {
                return SegmentEnd.Failed(FailureKind.Internal, $"Synthetic failure in epoch {epoch}.", retryable: false);
            }

            if (epoch == curve.DivergesAt)
            {
                return new(SegmentEndKind.Diverged) { DivergedEpoch = epoch };
            }

            bool ends = epoch == trial.ToEpoch || epoch == exhausted || stops.AtEpochEnd.IsCancellationRequested;
            if (ends || lastCheckpoint is not { } last || time.GetElapsedTime(last).TotalSeconds >= trial.CheckpointIntervalS)
            {
                string folder = new SyntheticCheckpoint(epoch, trial.Seed).Write(segment.Job.CheckpointRoot);
                observer.CheckpointWritten(new WrittenCheckpoint(epoch, folder));
                lastCheckpoint = time.GetTimestamp();
            }

            observer.Reported(Metrics(curve.Report(epoch, segment.Spec.Objective), epochTime));
            if (epoch == exhausted)
            {
                return new(SegmentEndKind.StoppedEarly);
            }

            if (ends && epoch < trial.ToEpoch)
            {
                return new(SegmentEndKind.StoppedAtEpoch);
            }
        }

        return new(SegmentEndKind.Completed);
    }

    private static EpochMetrics Metrics(EpochReport report, TimeSpan epochTime) => new()
    {
        Epoch = report.Epoch,
        ValLoss = report.ValLoss,
        ValAccuracy = report.ValAccuracy,
        FitLoss = report.FitLoss,
        TrainValue = report.TrainValue,
        Seconds = epochTime.TotalSeconds,
    };

    /// <summary>Lets an epoch's time pass. False when it was told to stop.</summary>
    private static bool Spend(TimeSpan epochTime, ISegmentObserver observer, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan left = epochTime; left > TimeSpan.Zero; left = epochTime - Stopwatch.GetElapsedTime(start))
        {
            if (stop.WaitHandle.WaitOne(left < Batch ? left : Batch))
            {
                return false;
            }

            observer.BatchFinished();
        }

        return !stop.IsCancellationRequested;
    }

    private static void CheckResume(string? folder, RunTrial trial)
    {
        if (folder is null)
        {
            if (trial.FromEpoch > 0)
            {
                throw new InvalidDataException($"Epoch {trial.FromEpoch} needs a checkpoint to start from.");
            }

            return;
        }

        SyntheticCheckpoint checkpoint = SyntheticCheckpoint.Read(folder);
        if (checkpoint != new SyntheticCheckpoint(trial.FromEpoch, trial.Seed))
        {
            throw new InvalidDataException($"The checkpoint is of epoch {checkpoint.Epoch} and seed {checkpoint.Seed}, not of epoch {trial.FromEpoch} and seed {trial.Seed}.");
        }
    }
}
