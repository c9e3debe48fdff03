using HyperSearch.Core.Trials;
using HyperSearch.Training;

namespace HyperSearch.Benchmarks;

/// <summary>Keeps the reports of a training.</summary>
internal sealed class ReportList : ITrainingObserver
{
    private readonly List<EpochReport> _reports = [];

    public IReadOnlyList<EpochReport> Reports => _reports;

    public void Started(TrainingFacts facts)
    {
    }

    public void Reported(EpochReport report) => _reports.Add(report);

    public void CheckpointWritten(CheckpointFolder checkpoint)
    {
    }

    public void BatchFinished()
    {
    }
}
