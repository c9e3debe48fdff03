using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using HyperSearch.Training;

namespace HyperSearch.Worker.Segments;

/// <summary>
/// Passes on what Training tells. A report waits until it is known whether a checkpoint of its epoch follows, so that
/// the checkpoint goes first and the report can name it.
/// </summary>
internal sealed class TrainingEvents(ISegmentObserver observer) : ITrainingObserver
{
    private EpochMetrics? _held;

    /// <summary>What the training uses; null before it has started.</summary>
    public int? MicroBatch { get; private set; }

    public void Started(TrainingFacts facts)
    {
        MicroBatch = facts.MicroBatch;
        observer.Started(new TrialStarted
        {
            MicroBatch = facts.MicroBatch,
            BatchNormMicro = facts.BatchNormMicro,
            Threads = facts.Threads,
            Cpu = facts.Cpu,
            Libtorch = facts.Libtorch,
            HeadKept = facts.HeadKept,
            ValidationExamples = facts.ValidationExamples,
        });
    }

    public void UntrainedStarted(int threads) => observer.Started(new TrialStarted { Threads = threads, Cpu = CpuModel.Name });

    public void Reported(EpochReport report)
    {
        Flush();
        _held = Metrics(report);
    }

    public void CheckpointWritten(CheckpointFolder checkpoint)
    {
        observer.CheckpointWritten(new WrittenCheckpoint(checkpoint.Epoch, checkpoint.Path));
        Flush();
    }

    public void BatchFinished()
    {
        Flush();
        observer.BatchFinished();
    }

    public void Preparing() => observer.BatchFinished();

    /// <summary>Sends the report that waits.</summary>
    public void Flush()
    {
        if (_held is { } metrics)
        {
            _held = null;
            observer.Reported(metrics);
        }
    }

    private static EpochMetrics Metrics(EpochReport report) => new()
    {
        Epoch = report.Epoch,
        ValLoss = Finite(report.ValLoss),
        ValAccuracy = Finite(report.ValAccuracy),
        ValBalancedAccuracy = Finite(report.ValBalancedAccuracy),
        ValMacroF1 = Finite(report.ValMacroF1),
        ValAuroc = Finite(report.ValAuroc),
        TrainValue = Finite(report.TrainValue),
        FitLoss = Finite(report.FitLoss),
        LearningRate = Finite(report.LearningRate),
        Seconds = report.Seconds,
        ExamplesPerSecond = Finite(report.ExamplesPerSecond),
        PeakDeviceBytes = report.PeakDeviceBytes,
    };

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
