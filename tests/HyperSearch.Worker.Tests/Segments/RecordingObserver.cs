using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Tests.Segments;

internal sealed class RecordingObserver : ISegmentObserver
{
    public List<EpochMetrics> Reports { get; } = [];

    public List<WrittenCheckpoint> Checkpoints { get; } = [];

    public List<string> Order { get; } = [];

    public Action? OnReport { get; init; }

    public void Started(TrialStarted facts) => Order.Add("started");

    public void Reported(EpochMetrics metrics)
    {
        Reports.Add(metrics);
        Order.Add($"report {metrics.Epoch}");
        OnReport?.Invoke();
    }

    public void CheckpointWritten(WrittenCheckpoint checkpoint)
    {
        Checkpoints.Add(checkpoint);
        Order.Add($"checkpoint {checkpoint.Epoch}");
    }

    public void BatchFinished() => Order.Add("batch");
}
