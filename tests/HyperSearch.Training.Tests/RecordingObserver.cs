using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Tests;

/// <summary>Keeps what a training said, and can act after a batch or a report.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    public TrainingFacts? Facts { get; private set; }

    public List<EpochReport> Reports { get; } = [];

    public List<CheckpointFolder> Checkpoints { get; } = [];

    public int Batches { get; private set; }

    public Action<int> OnBatch { get; init; } = _ => { };

    public Action<EpochReport> OnReport { get; init; } = _ => { };

    public Action OnPreparing { get; init; } = static () => { };

    public IEnumerable<EpochReport> TimelessReports => Reports.Select(r => r with { Seconds = 0, ExamplesPerSecond = null });

    public void Started(TrainingFacts facts) => Facts = facts;

    public void Reported(EpochReport report)
    {
        Reports.Add(report);
        OnReport(report);
    }

    public void CheckpointWritten(CheckpointFolder checkpoint) => Checkpoints.Add(checkpoint);

    public void BatchFinished() => OnBatch(++Batches);

    public void Preparing() => OnPreparing();
}
