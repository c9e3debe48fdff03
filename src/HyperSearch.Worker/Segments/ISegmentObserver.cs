using HyperSearch.Messaging;

namespace HyperSearch.Worker.Segments;

/// <summary>Told by a runner what happens, from the thread that trains.</summary>
internal interface ISegmentObserver
{
    void Started(TrialStarted facts);

    /// <summary>A checkpoint of the same epoch is told before its report, so that the report can name it.</summary>
    void Reported(EpochMetrics metrics);

    void CheckpointWritten(WrittenCheckpoint checkpoint);

    void BatchFinished();
}
