using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Simulation;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

/// <summary>Drives one study by hand, one event at a time; every input is followed by a recount of all rows.</summary>
internal sealed class StudyDriver(StudySpec spec, int maxLostAttempts = 5)
{
    public static Guid Worker { get; } = new(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    public StudyHost Host { get; } = new(spec, maxLostAttempts) { AfterEveryInput = Recount.Check };

    public Study Study => Host.Study;

    public Trial this[int number] => Host.Trials[number];

    public static AttemptFence Fence(Trial trial) => new(trial.Number, trial.Attempt, trial.Incarnation ?? Worker);

    public static EpochReport Metric(int epoch, double? value, double seconds = 1) =>
        new() { Epoch = epoch, ValLoss = value, ValAccuracy = value, TrainValue = value, Seconds = seconds };

    /// <summary>Offers a slot to a waiting trial, or to a new one, which must take it.</summary>
    public Trial Assign(int? number = null, Guid? worker = null)
    {
        StudyOutcome outcome = Host.Offer(worker ?? Worker, number);
        outcome.Applied.ShouldBeTrue();
        return outcome.Created ?? this[number!.Value];
    }

    /// <summary>Assigns new trials until as many exist, the baseline not counted.</summary>
    public List<Trial> AssignNew(int count) => [.. Enumerable.Range(0, count).Select(_ => Assign())];

    public StudyOutcome Start(Trial trial) => Host.Apply(new StudyInput.Started(Fence(trial), new TrialFacts { Threads = 1 }));

    public StudyOutcome Report(Trial trial, int epoch, double? value, bool checkpoint = false, double seconds = 1) =>
        Host.Apply(new StudyInput.Reported(Fence(trial), Metric(epoch, value, seconds), checkpoint ? At(trial, epoch) : null));

    /// <summary>Completes the segment with the same value in every epoch.</summary>
    public StudyOutcome Complete(Trial trial, double? value, double seconds = 0) =>
        Complete(trial, Enumerable.Range(trial.FromEpoch + 1, trial.ToEpoch - trial.FromEpoch).Select(e => Metric(e, value, seconds)));

    public StudyOutcome Complete(Trial trial, IEnumerable<EpochReport> reports, bool stoppedEarly = false)
    {
        List<EpochReport> all = [.. reports];
        int last = all.Count == 0 ? trial.ToEpoch : all.Max(r => r.Epoch);
        return Host.Apply(new StudyInput.SegmentCompleted(Fence(trial), all, At(trial, last), null, stoppedEarly, all.Sum(r => r.Seconds)));
    }

    public StudyOutcome Diverge(Trial trial, int epoch)
    {
        IReadOnlyList<EpochReport> before = [.. Enumerable.Range(trial.FromEpoch + 1, Math.Max(0, epoch - trial.FromEpoch - 1)).Select(e => Metric(e, 0.1))];
        return Host.Apply(new StudyInput.SegmentCompleted(Fence(trial), before, null, epoch, false, 1));
    }

    public StudyOutcome Fail(Trial trial, FailureKind kind = FailureKind.Internal, bool retryable = false) =>
        Host.Apply(new StudyInput.TrialFailed(Fence(trial), [], kind, "broken", retryable, 1));

    public StudyOutcome Return(Trial trial, bool childDied = false, int? checkpoint = null)
    {
        int to = checkpoint ?? trial.FromEpoch;
        IReadOnlyList<EpochReport> reports = [.. Enumerable.Range(trial.FromEpoch + 1, Math.Max(0, to - trial.FromEpoch)).Select(e => Metric(e, 0.5))];
        return Host.Apply(new StudyInput.SegmentReturned(Fence(trial), reports, checkpoint is null ? null : At(trial, to), childDied, 0));
    }

    public StudyOutcome TakeBack(Trial trial, bool lost = true) => Host.Apply(new StudyInput.TakenBack(Fence(trial), lost));

    public StudyOutcome Give(StudyVerb verb) => Host.Apply(new StudyInput.VerbGiven(verb));

    public StudyOutcome Score(int number, double? value, string? missing = null) =>
        Host.Apply(new StudyInput.Scored(number, value, 1000, value is null ? null : 0.01, missing));

    public StudyOutcome PassTime(double seconds)
    {
        Host.Now += TimeSpan.FromSeconds(seconds);
        return Host.Apply(new StudyInput.TimePassed());
    }

    /// <summary>Runs everything that can start, one after another, until nothing can.</summary>
    /// <param name="values">A trial's value in every epoch; null is missing.</param>
    public void RunAll(Func<int, double?> values)
    {
        while (Host.TryNext(out int? number))
        {
            StudyOutcome outcome = Host.Offer(Worker, number);
            if (outcome.Decisions.OfType<Decision.Assign>().FirstOrDefault() is { } assigned)
            {
                Complete(this[assigned.Number], values(assigned.Number));
            }
        }
    }

    private static Checkpoint At(Trial trial, int epoch) => new(epoch, $"trials/{trial.Number}/{trial.Attempt}/{epoch}");
}
