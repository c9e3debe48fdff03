using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>A simulated study: who works on it and what goes wrong. Probabilities are per trial or per attempt, 0 to 1.</summary>
internal sealed record SimulationSettings
{
    public required StudySpec Spec { get; init; }

    /// <summary>Workers with one slot each.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>What becomes of a trial: its values, whether it diverges, fails or has no value.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>What becomes of attempts and events: durations, delays, deaths, verbs.</summary>
    public long OrderSeed { get; init; } = 1;

    public int MaxLostAttempts { get; init; } = 5;

    /// <summary>Epochs from one checkpoint to the next; a segment's end always has one.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>A trial whose loss becomes infinite.</summary>
    public double Divergence { get; init; }

    /// <summary>A trial whose metric is missing in every epoch.</summary>
    public double Missing { get; init; }

    /// <summary>A trial that fails for good.</summary>
    public double Failure { get; init; }

    /// <summary>A trial whose first try fails retryably.</summary>
    public double Transient { get; init; }

    /// <summary>A trial that early stopping ends, where trials are not compared on rungs.</summary>
    public double EarlyStop { get; init; }

    /// <summary>An attempt whose child process dies.</summary>
    public double ChildDeath { get; init; }

    /// <summary>An attempt whose worker falls silent; half of them are zombies that go on sending.</summary>
    public double WorkerDeath { get; init; }

    /// <summary>An assignment that never arrives.</summary>
    public double LostSend { get; init; }

    /// <summary>An event that is delivered twice.</summary>
    public double Repeat { get; init; }

    /// <summary>Longest delay of an event; an epoch takes half a second to one and a half.</summary>
    public double Delay { get; init; }

    /// <summary>Verbs given to the study at random moments.</summary>
    public int Verbs { get; init; }

    /// <summary>Known configurations that users enqueue.</summary>
    public int Enqueues { get; init; }

    /// <summary>Trials that users cancel or try again.</summary>
    public int TrialVerbs { get; init; }

    /// <summary>Changes of max_trials or max_parallel.</summary>
    public int Patches { get; init; }

    /// <summary>Whether all rows are recounted after every input.</summary>
    public bool Recounts { get; init; } = true;

    /// <summary>The cluster of this study.</summary>
    public ClusterSettings Cluster()
    {
        UserActs acts = new(this);
        return new()
        {
            Spec = Spec,
            Course = trial => new DrawnCourse(this, trial.Number, trial.FullEpochs, acts.IsRevived(trial.Number)),
            Workers = Workers,
            CheckpointEvery = CheckpointEvery,
            Seed = OrderSeed,
            MaxLostAttempts = MaxLostAttempts,
            ChildDeath = ChildDeath,
            WorkerDeath = WorkerDeath,
            ScoringFailure = Failure,
            LostSend = LostSend,
            Repeat = Repeat,
            Delay = Delay,
            Acts = acts.All(),
            MostEvents = 1_000_000,
            AfterEveryInput = new Watch(Recounts).Look,
        };
    }
}
