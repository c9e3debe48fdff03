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

    /// <summary>Verbs given at random moments.</summary>
    public int Verbs { get; init; }

    /// <summary>Whether all rows are recounted after every input.</summary>
    public bool Recounts { get; init; } = true;
}
