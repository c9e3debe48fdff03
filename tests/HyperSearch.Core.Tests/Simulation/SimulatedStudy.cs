using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>A whole study on simulated workers with a virtual clock: nothing waits, everything is drawn from two seeds.</summary>
internal sealed class SimulatedStudy
{
    private const int MostEvents = 1_000_000;
    private const double Lease = 3;

    private readonly SimulationSettings _settings;
    private readonly Fate _fate;
    private readonly PriorityQueue<Action, (double Time, long Order)> _events = new();
    private readonly List<SimulatedWorker> _workers;
    private double _clock;
    private long _drawn;

    private SimulatedStudy(SimulationSettings settings)
    {
        _settings = settings;
        _fate = new Fate(settings);
        _workers = [.. Enumerable.Range(1, settings.Workers).Select(id => new SimulatedWorker(id))];
        Host = new StudyHost(settings.Spec, settings.MaxLostAttempts) { Recounts = settings.Recounts };
    }

    private StudyHost Host { get; }

    private StudySpec Spec => _settings.Spec;

    /// <summary>Runs a study to its end and lets everything that is still under way arrive.</summary>
    public static StudyHost Run(SimulationSettings settings)
    {
        SimulatedStudy simulation = new(settings);
        simulation.GiveVerbs();
        simulation.PassTime();
        simulation.OfferAll();
        simulation.Work();
        simulation.ArriveLate();
        return simulation.Host;
    }

    private void Work()
    {
        int events = 0;
        while (!Host.Study.State.IsFinal())
        {
            if (!Step() || ++events > MostEvents)
            {
                Assert.Fail($"The study does not end: {Host.Study.State}, {Host.Study.Waiting} waiting, {Host.Study.Paused} paused, {Host.Study.Assigned} assigned.");
            }

            OfferAll();
        }
    }

    private void ArriveLate()
    {
        (long version, int log) = (Host.Study.Version, Host.Log.Count);
        while (Step())
        {
            (Host.Study.Version == version && Host.Log.Count == log).ShouldBeTrue("a late event changed an ended study");
        }
    }

    private bool Step()
    {
        if (!_events.TryDequeue(out Action? action, out (double Time, long Order) at))
        {
            return false;
        }

        _clock = at.Time;
        Host.Now = StudyHost.Epoch.AddMilliseconds(Math.Round(_clock * 1000));
        action();
        return true;
    }

    private void After(double seconds, Action action) => _events.Enqueue(action, (_clock + seconds, _drawn++));

    private double Draw() => StableMix.Unit(StableMix.Hash(_settings.OrderSeed, "event", _drawn++));

    private bool Attempt(string what, double probability, AttemptFence fence) => probability > 0
        && StableMix.Unit(StableMix.Hash(_settings.OrderSeed, what, fence.Number, fence.Attempt)) < probability;

    private void OfferAll()
    {
        foreach (SimulatedWorker worker in _workers.Where(w => !w.Busy))
        {
            Offer(worker);
        }

        // An offer may have ended the search.
        foreach (SimulatedWorker worker in _workers.Where(w => !w.Busy && Host.Study.Scoring))
        {
            Evaluate(worker);
        }
    }

    private void Offer(SimulatedWorker worker)
    {
        if (Host.TryNext(out int? number, worker.Incarnation) && Host.Offer(worker.Incarnation, number).Decisions.OfType<Decision.Assign>().FirstOrDefault() is { } assigned)
        {
            worker.Held = new AttemptFence(assigned.Number, assigned.Attempt, worker.Incarnation);
            Begin(new SimulatedSegment(worker, worker.Held, assigned.FromEpoch, assigned.ToEpoch));
        }
    }

    private void Begin(SimulatedSegment segment)
    {
        if (Attempt("lost_send", _settings.LostSend, segment.Fence))
        {
            After(2, () => End(segment, new StudyInput.TakenBack(segment.Fence, false)));
            return;
        }

        Send(segment, new StudyInput.Started(segment.Fence, new TrialFacts { Threads = 1 }), ends: false);
        if (segment.From == segment.To)
        {
            After(0.1, () => Send(segment, new StudyInput.SegmentCompleted(segment.Fence, [], null, null, false, 0), ends: true));
            return;
        }

        Next(segment, segment.From + 1);
    }

    private void Next(SimulatedSegment segment, int epoch) => After(0.5 + Draw(), () => EndEpoch(segment, epoch));

    private void EndEpoch(SimulatedSegment segment, int epoch)
    {
        Trial trial = Host.Trials[segment.Fence.Number];
        if (!segment.Zombie && !trial.IsCurrent(segment.Fence.Attempt, segment.Fence.Incarnation))
        {
            segment.Worker.Held = null; // The answer to a heartbeat told it to stop.
            return;
        }

        if (Breaks(segment, trial, epoch))
        {
            return;
        }

        bool pause = Host.Study.State == StudyState.Paused;
        segment.Reports.Add(_fate.Report(trial.Number, epoch));
        if (epoch == segment.To || epoch % _settings.CheckpointEvery == 0 || pause)
        {
            segment.Checkpoint = new Checkpoint(epoch, $"trials/{trial.Number}/{segment.Fence.Attempt}/{epoch}");
        }

        Send(segment, new StudyInput.Reported(segment.Fence, segment.Reports[^1], segment.Checkpoint), ends: false);
        if (epoch == segment.To)
        {
            Send(segment, new StudyInput.SegmentCompleted(segment.Fence, [.. segment.Reports], segment.Checkpoint, null, false, segment.Reports.Count), ends: true);
        }
        else if (pause)
        {
            Send(segment, new StudyInput.SegmentReturned(segment.Fence, [.. segment.Reports], segment.Checkpoint, false, segment.Reports.Count), ends: true);
        }
        else
        {
            Next(segment, epoch + 1);
        }
    }

    /// <summary>Whether the segment ends badly in this epoch.</summary>
    private bool Breaks(SimulatedSegment segment, Trial trial, int epoch)
    {
        int full = trial.FullEpochs;
        IReadOnlyList<EpochReport> reports = [.. segment.Reports];
        double seconds = reports.Count + 0.5;
        if (_fate.Befalls("diverges", _settings.Divergence, trial.Number, full) == epoch)
        {
            Send(segment, new StudyInput.SegmentCompleted(segment.Fence, reports, null, epoch, false, seconds), ends: true);
        }
        else if (_fate.Befalls("fails", _settings.Failure, trial.Number, full) == epoch)
        {
            Send(segment, new StudyInput.TrialFailed(segment.Fence, reports, FailureKind.Internal, "broken", false, seconds), ends: true);
        }
        else if (trial.Retries == 0 && _fate.Befalls("transient", _settings.Transient, trial.Number, full) == epoch)
        {
            Send(segment, new StudyInput.TrialFailed(segment.Fence, reports, FailureKind.DatasetError, "gone", true, seconds), ends: true);
        }
        else if (Attempt("child", _settings.ChildDeath, segment.Fence) && IsMoment("child", segment, epoch))
        {
            IReadOnlyList<EpochReport> kept = [.. reports.Where(r => r.Epoch <= (segment.Checkpoint?.Epoch ?? 0))];
            Send(segment, new StudyInput.SegmentReturned(segment.Fence, kept, segment.Checkpoint, true, seconds), ends: true);
        }
        else if (!segment.Zombie && Attempt("worker", _settings.WorkerDeath, segment.Fence) && IsMoment("worker", segment, epoch))
        {
            return Silence(segment);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool IsMoment(string what, SimulatedSegment segment, int epoch)
    {
        double draw = StableMix.Unit(StableMix.Hash(_settings.OrderSeed, what + "_epoch", segment.Fence.Number, segment.Fence.Attempt));
        return epoch == segment.From + 1 + (int)(draw * (segment.To - segment.From));
    }

    /// <summary>The worker is not heard of any more. Returns whether it has really stopped.</summary>
    private bool Silence(SimulatedSegment segment)
    {
        segment.Zombie = true;
        After(Lease, () =>
        {
            Host.Apply(new StudyInput.TakenBack(segment.Fence, true));
            segment.Worker.Restart();
        });
        return Draw() < 0.5;
    }

    private void Send(SimulatedSegment segment, StudyInput input, bool ends)
    {
        After(_settings.Delay * Draw(), () => End(segment, input, ends));
        if (Draw() < _settings.Repeat)
        {
            After(_settings.Delay * 3 * Draw(), () => End(segment, input, ends));
        }
    }

    private void End(SimulatedSegment segment, StudyInput input, bool ends = true)
    {
        Host.Apply(input);
        if (ends && segment.Worker.Held == segment.Fence)
        {
            segment.Worker.Held = null;
        }
    }

    private void Evaluate(SimulatedWorker worker)
    {
        if (Host.Study.State == StudyState.Paused
            || Host.Evaluations.Values.FirstOrDefault(e => e.State == TrialState.Waiting) is not { } evaluation)
        {
            return;
        }

        evaluation.Assign(worker.Incarnation, Host.Now);
        AttemptFence fence = new(evaluation.Number, evaluation.Attempt, worker.Incarnation);
        worker.Held = fence;
        After(0.5 + Draw(), () =>
        {
            worker.Held = null;
            if (evaluation.IsCurrent(fence.Attempt, fence.Incarnation))
            {
                EndEvaluation(evaluation, fence);
            }
        });
    }

    private void EndEvaluation(Evaluation evaluation, AttemptFence fence)
    {
        evaluation.Start();
        StudyInput.Scored scored = new(evaluation.Number, null, 0, null, "broken");
        if (Attempt("evaluation_lost", _settings.WorkerDeath, fence))
        {
            if (!evaluation.Lose(_settings.MaxLostAttempts))
            {
                return;
            }
        }
        else if (Attempt("evaluation_fails", _settings.Failure, fence))
        {
            if (!evaluation.Fail(retryable: true))
            {
                return;
            }
        }
        else
        {
            evaluation.Complete();
            scored = scored with { Value = Spec.Objective.Of(_fate.Report(evaluation.Number, Host.Trials[evaluation.Number].FullEpochs)), Examples = 100 };
        }

        Host.Apply(scored).Applied.ShouldBeTrue();
        Host.Apply(scored).Applied.ShouldBeFalse("a repeated score counts once");
    }

    private void GiveVerbs()
    {
        double horizon = 0.7 * Spec.Trials * Spec.Space.Constants.Epochs / _settings.Workers;
        for (int i = 0; i < _settings.Verbs; i++)
        {
            double draw = Draw();
            StudyVerb verb = draw < 0.6 ? StudyVerb.Pause : draw < 0.8 ? StudyVerb.Resume : draw < 0.9 ? StudyVerb.Stop : StudyVerb.Cancel;
            double at = horizon * Draw();
            After(at, () => Host.Apply(new StudyInput.VerbGiven(verb)));
            if (verb == StudyVerb.Pause)
            {
                After(at + (3 * Draw()), () => Host.Apply(new StudyInput.VerbGiven(StudyVerb.Resume)));
            }
        }
    }

    private void PassTime()
    {
        if (Spec.MaxDurationS is not null && !Host.Study.State.IsFinal())
        {
            After(1, () =>
            {
                Host.Apply(new StudyInput.TimePassed());
                PassTime();
            });
        }
    }
}
