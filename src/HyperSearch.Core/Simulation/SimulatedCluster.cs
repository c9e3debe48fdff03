using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>A whole study on simulated workers with a virtual clock: nothing waits, everything is drawn from seeds, so that a run can be repeated.</summary>
internal sealed class SimulatedCluster
{
    private const double ScoringSeconds = 1;

    private readonly SortedSet<SimulatedWorker> _idle;
    private readonly Dictionary<int, SimulatedWorker> _busy = [];
    private long _drawn;

    public SimulatedCluster(ClusterSettings settings)
    {
        Settings = settings;
        _idle = [.. Enumerable.Range(1, settings.Workers).Select(id => new SimulatedWorker(id))];
        Host = new StudyHost(settings.Spec, settings.MaxLostAttempts) { Logs = settings.Logs, AfterEveryInput = settings.AfterEveryInput };
    }

    public ClusterSettings Settings { get; }

    public StudyHost Host { get; }

    public VirtualClock Clock { get; } = new();

    /// <summary>Runs the study to its end.</summary>
    /// <exception cref="InvalidOperationException">It never ends: a fault of the rules.</exception>
    public void Run()
    {
        foreach ((double second, Func<StudyHost, StudyInput?> act) in Settings.Acts)
        {
            Clock.After(second, () => Act(act));
        }

        PassTime();
        OfferAll();
        for (long events = 0; !Host.Study.State.IsFinal(); events++)
        {
            if (events == Settings.MostEvents || !Clock.Step())
            {
                Study study = Host.Study;
                throw new InvalidOperationException($"The study does not end: {study.State}, {study.Waiting} waiting, {study.Paused} paused, {study.Assigned} assigned.");
            }

            OfferAll();
        }
    }

    /// <summary>Lets everything that is still under way arrive.</summary>
    public void Drain()
    {
        while (Clock.Step())
        {
        }
    }

    /// <summary>Applies an input at the present time; a worker whose trial is ended by it is told.</summary>
    public StudyOutcome Apply(StudyInput input)
    {
        Host.Now = StudyHost.Epoch.AddMilliseconds(Math.Round(Clock.Seconds * 1000));
        StudyOutcome outcome = Host.Apply(input);
        foreach (Decision decision in outcome.Decisions)
        {
            if (decision is Decision.Stop { Number: var stopped })
            {
                Tell(stopped);
            }
            else if (decision is Decision.Cancel { Number: var cancelled })
            {
                Tell(cancelled);
            }
        }

        return outcome;
    }

    /// <summary>Frees a worker's slot if that attempt holds it.</summary>
    public void Release(SimulatedWorker worker, AttemptFence fence)
    {
        if (worker.Held == fence)
        {
            worker.Held = null;
            _busy.Remove(worker.Id);
            _idle.Add(worker);
        }
    }

    /// <summary>Even in [0, 1).</summary>
    public double Draw() => StableMix.Unit(StableMix.Hash(Settings.Seed, "event", _drawn++));

    /// <summary>Whether that befalls an attempt.</summary>
    public bool Befalls(string what, double probability, AttemptFence fence) => probability > 0 && Draw(what, fence) < probability;

    /// <summary>Even in [0, 1), always the same for the same attempt.</summary>
    public double Draw(string what, AttemptFence fence) => StableMix.Unit(StableMix.Hash(Settings.Seed, what, fence.Number, fence.Attempt));

    private void Act(Func<StudyHost, StudyInput?> act)
    {
        if (act(Host) is { } input)
        {
            Apply(input);
        }
    }

    private void PassTime()
    {
        if (Settings.Spec.MaxDurationS is not null && Host.Study.State is not StudyState.Stopping && !Host.Study.State.IsFinal())
        {
            Clock.After(Settings.Tick, () =>
            {
                Apply(new StudyInput.TimePassed());
                PassTime();
            });
        }
    }

    private void OfferAll()
    {
        Host.Now = StudyHost.Epoch.AddMilliseconds(Math.Round(Clock.Seconds * 1000));
        while (_idle.Count > 0 && Host.TryNext(out int? number) && Offer(number))
        {
        }

        // An offer may have ended the search.
        while (_idle.Count > 0 && Host.NextSegment is { } segment)
        {
            Run(segment);
        }
    }

    private bool Offer(int? number)
    {
        Guid? avoids = number is { } n ? Host.Trials[n].Avoids : null;
        SimulatedWorker worker = _idle.FirstOrDefault(w => w.Incarnation != avoids) ?? _idle.Min!;
        if (Host.Offer(worker.Incarnation, number).Decisions.OfType<Decision.Assign>().FirstOrDefault() is not { } assigned)
        {
            return false;
        }

        AttemptFence fence = new(assigned.Number, assigned.Attempt, worker.Incarnation);
        Hold(worker, fence);
        new SimulatedSegment(this, worker, fence, assigned, Settings.Course(Host.Trials[assigned.Number])).Begin();
        return true;
    }

    private void Hold(SimulatedWorker worker, AttemptFence fence)
    {
        worker.Held = fence;
        _idle.Remove(worker);
        _busy.Add(worker.Id, worker);
    }

    /// <summary>The command may be lost; then the worker notices at the end of its epoch.</summary>
    private void Tell(int number)
    {
        if (_busy.Values.FirstOrDefault(w => w.Held!.Number == number) is { Held: { } fence } worker && (Settings.LostSend == 0 || Draw() >= Settings.LostSend))
        {
            Clock.After(Settings.Delay > 0 ? Settings.Delay * Draw() : 0, () => Release(worker, fence));
        }
    }

    private void Run(StudySegment segment)
    {
        SimulatedWorker worker = _idle.Min!;
        segment.Assign(worker.Incarnation, Host.Now);
        AttemptFence fence = new(segment.Number, segment.Attempt, worker.Incarnation);
        Hold(worker, fence);
        if (segment == Host.Probe)
        {
            Apply(new StudyInput.ProbeAssigned());
        }

        Clock.After(ScoringSeconds, () =>
        {
            Release(worker, fence);
            if (segment.IsCurrent(fence.Attempt, fence.Incarnation) && End(segment, fence) is { } end)
            {
                Apply(end);
                Apply(end); // As often as the broker likes.
            }
        });
    }

    private StudyInput? End(StudySegment segment, AttemptFence fence)
    {
        segment.Start();
        StudyInput none = segment.Without("broken");
        if (Befalls("scoring_lost", Settings.WorkerDeath, fence))
        {
            return segment.Lose(Settings.MaxLostAttempts) ? none : null;
        }

        if (Befalls("scoring_fails", Settings.ScoringFailure, fence))
        {
            return segment.Fail(retryable: true) ? none : null;
        }

        segment.Complete();
        if (none is not StudyInput.Scored unscored)
        {
            return new StudyInput.Probed(new([.. Enumerable.Range(1, Settings.Spec.Model.Family.Blocks).Select(k => new DepthScore(k, Draw(), 0.1))], 400, 100), null);
        }

        Trial trial = Host.Trials[segment.Number];
        return unscored with { Value = Settings.Spec.Objective.Of(Settings.Course(trial).Report(trial.FullEpochs)), Examples = 100, Missing = null };
    }
}
