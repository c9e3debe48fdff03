using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Slots;

/// <summary>Tells the parent what a runner does; of the signs of life only as many as the parent needs.</summary>
internal sealed class ChildObserver(Stream events, long job, TimeProvider time) : ISegmentObserver
{
    private static readonly TimeSpan SignsOfLife = TimeSpan.FromMilliseconds(200);

    private long _lastSent = time.GetTimestamp();

    public void Started(TrialStarted facts) => Send(new SlotEvent { Job = job, Started = facts });

    public void Reported(EpochMetrics metrics) => Send(new SlotEvent { Job = job, Reported = metrics });

    public void CheckpointWritten(WrittenCheckpoint checkpoint) => Send(new SlotEvent { Job = job, Checkpoint = checkpoint });

    public void BatchFinished()
    {
        if (time.GetElapsedTime(_lastSent) >= SignsOfLife)
        {
            Send(new SlotEvent { Job = job });
        }
    }

    public void Ended(SegmentEnd end) => Send(new SlotEvent { Job = job, Ended = end });

    public void Found(IReadOnlyList<string> precisions) => Send(new SlotEvent { Job = job, Precisions = precisions });

    private void Send(SlotEvent what)
    {
        SlotFrames.Write(events, what, SlotJson.Default.SlotEvent);
        _lastSent = time.GetTimestamp();
    }
}
