using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>One attempt of a trial on a worker: trains epoch by epoch and sends what it would send.</summary>
internal sealed class SimulatedSegment(SimulatedCluster cluster, SimulatedWorker worker, AttemptFence fence, Decision.Assign assigned, ITrialCourse course)
{
    private const double Lease = 3;

    private readonly List<EpochReport> _reports = [];
    private readonly double _start = cluster.Clock.Seconds;
    private Checkpoint? _checkpoint;
    private bool _zombie;

    private ClusterSettings Settings => cluster.Settings;

    private double DeviceSeconds => cluster.Clock.Seconds - _start;

    /// <summary>The command is sent.</summary>
    public void Begin()
    {
        if (cluster.Befalls("lost_send", Settings.LostSend, fence))
        {
            cluster.Clock.After(2, () => Arrive(new StudyInput.TakenBack(fence, false), ends: true));
            return;
        }

        Send(new StudyInput.Started(fence, new TrialFacts { Threads = 1 }), ends: false);
        if (assigned.FromEpoch == assigned.ToEpoch)
        {
            cluster.Clock.After(0.1, () => Send(Completed(), ends: true));
            return;
        }

        Train(assigned.FromEpoch + 1);
    }

    private void Train(int epoch)
    {
        (double shortest, double longest) = Settings.EpochSeconds;
        double seconds = shortest == longest ? shortest : shortest + ((longest - shortest) * cluster.Draw());
        cluster.Clock.After(seconds, () => EndEpoch(epoch, seconds));
    }

    private void EndEpoch(int epoch, double seconds)
    {
        if (!_zombie && !cluster.Host.Trials[fence.Number].IsCurrent(fence.Attempt, fence.Incarnation))
        {
            // The answer to a heartbeat, or a command, told it to stop.
            cluster.Release(worker, fence);
            return;
        }

        if (Breaks(epoch) is { } end)
        {
            Send(end, ends: true);
            return;
        }

        if (FallsSilent(epoch))
        {
            return;
        }

        _reports.Add(course.Report(epoch) with { Seconds = seconds });
        bool pause = cluster.Host.Study.State == StudyState.Paused;
        bool last = epoch == assigned.ToEpoch || epoch == course.StopsEarlyAt;
        if (last || pause || epoch % Settings.CheckpointEvery == 0)
        {
            _checkpoint = new Checkpoint(epoch, $"trials/{fence.Number}/{fence.Attempt}/{epoch}");
        }

        Send(new StudyInput.Reported(fence, _reports[^1], _checkpoint), ends: false);
        if (last || pause)
        {
            Send(last ? Completed() : new StudyInput.SegmentReturned(fence, [.. _reports], _checkpoint, false, DeviceSeconds), ends: true);
        }
        else
        {
            Train(epoch + 1);
        }
    }

    private StudyInput.SegmentCompleted Completed() =>
        new(fence, [.. _reports], _checkpoint, null, _reports.Count > 0 && _reports[^1].Epoch == course.StopsEarlyAt, DeviceSeconds);

    /// <summary>What the segment sends if it ends badly in this epoch; else null.</summary>
    private StudyInput? Breaks(int epoch)
    {
        if (course.FailsAt == epoch)
        {
            return new StudyInput.TrialFailed(fence, [.. _reports], FailureKind.Internal, "broken", false, DeviceSeconds);
        }

        if (course.DivergesAt == epoch)
        {
            return new StudyInput.SegmentCompleted(fence, [.. _reports], null, epoch, false, DeviceSeconds);
        }

        if (course.FailsOnceAt == epoch && cluster.Host.Trials[fence.Number].Retries == 0)
        {
            return new StudyInput.TrialFailed(fence, [.. _reports], FailureKind.DatasetError, "gone", true, DeviceSeconds);
        }

        if (cluster.Befalls("child", Settings.ChildDeath, fence) && IsMoment("child_epoch", epoch))
        {
            return new StudyInput.SegmentReturned(fence, [.. _reports.Where(r => r.Epoch <= (_checkpoint?.Epoch ?? 0))], _checkpoint, true, DeviceSeconds);
        }

        return null;
    }

    /// <summary>The worker may not be heard of any more. Returns whether it has really stopped.</summary>
    private bool FallsSilent(int epoch)
    {
        if (_zombie || !cluster.Befalls("worker", Settings.WorkerDeath, fence) || !IsMoment("worker_epoch", epoch))
        {
            return false;
        }

        _zombie = true;
        cluster.Clock.After(Lease, () =>
        {
            if (worker.Held == fence)
            {
                cluster.Apply(new StudyInput.TakenBack(fence, true));
                worker.Restart();
                cluster.Release(worker, fence);
            }
        });
        return cluster.Draw() < 0.5;
    }

    private bool IsMoment(string what, int epoch) =>
        epoch == assigned.FromEpoch + 1 + (int)(cluster.Draw(what, fence) * (assigned.ToEpoch - assigned.FromEpoch));

    private void Send(StudyInput input, bool ends)
    {
        cluster.Clock.After(Settings.Delay > 0 ? Settings.Delay * cluster.Draw() : 0, () => Arrive(input, ends));
        if (Settings.Repeat > 0 && cluster.Draw() < Settings.Repeat)
        {
            cluster.Clock.After(Settings.Delay * 3 * cluster.Draw(), () => Arrive(input, ends));
        }
    }

    private void Arrive(StudyInput input, bool ends)
    {
        cluster.Apply(input);
        if (ends)
        {
            cluster.Release(worker, fence);
        }
    }
}
