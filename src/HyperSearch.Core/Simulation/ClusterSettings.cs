using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>A study on simulated workers: who works on it and what goes wrong between them and the study. Probabilities are 0 to 1, default 0.</summary>
internal sealed record ClusterSettings
{
    public required StudySpec Spec { get; init; }

    /// <summary>What a trial measures and how it ends.</summary>
    public required Func<Trial, ITrialCourse> Course { get; init; }

    /// <summary>Workers with one slot each.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Seconds of the shortest and the longest epoch; evenly spread.</summary>
    public (double Shortest, double Longest) EpochSeconds { get; init; } = (0.5, 1.5);

    /// <summary>Epochs from one checkpoint to the next; a segment's end always has one.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>What becomes of attempts and events: durations, delays, deaths.</summary>
    public long Seed { get; init; } = 1;

    public int MaxLostAttempts { get; init; } = 5;

    /// <summary>An attempt whose child process dies.</summary>
    public double ChildDeath { get; init; }

    /// <summary>An attempt whose worker falls silent; half of them are zombies that go on sending.</summary>
    public double WorkerDeath { get; init; }

    /// <summary>A scoring that fails; tried once more.</summary>
    public double ScoringFailure { get; init; }

    /// <summary>A command that never arrives.</summary>
    public double LostSend { get; init; }

    /// <summary>An event that is delivered twice.</summary>
    public double Repeat { get; init; }

    /// <summary>Seconds of the longest delay of an event or a command.</summary>
    public double Delay { get; init; }

    /// <summary>Seconds from one look at the budgets of time to the next.</summary>
    public double Tick { get; init; } = 1;

    /// <summary>What users do: the second, and the input that the study then gets, or null for none.</summary>
    public IReadOnlyList<(double Second, Func<StudyHost, StudyInput?> Act)> Acts { get; init; } = [];

    /// <summary>Events after which a study that has not ended never will.</summary>
    public long MostEvents { get; init; } = long.MaxValue;

    /// <summary>Whether the decision log is kept.</summary>
    public bool Logs { get; init; } = true;

    /// <summary>Called after every input.</summary>
    public Action<StudyHost>? AfterEveryInput { get; init; }
}
