using System.Collections.Immutable;

namespace HyperSearch.Core.Trials;

/// <summary>
/// The failures of one worker since it last completed a segment: whether the worker is to blame, and not what it runs. Pure.
/// </summary>
public sealed record WorkerHealth
{
    /// <summary>Failures of different trials in a row from which a worker is suspect.</summary>
    public const int SuspectFrom = 3;

    /// <summary>No failure.</summary>
    public static WorkerHealth Good { get; } = new();

    /// <summary>The last different trials that failed on it, at most <see cref="SuspectFrom"/>, in the order of their failures.</summary>
    public ImmutableArray<FailedTrial> Failures { get; init; } = [];

    /// <summary>When the first of the failures in a row was; it may be one of earlier trials than <see cref="Failures"/> has. Null without one.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Whether its last different trials all failed, so that it is worth looking at what others did in the time.</summary>
    public bool IsSuspect => Failures.Length >= SuspectFrom;

    /// <summary>The health after one more trial has ended on the worker.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="failed">Whether it failed; else the worker completed its segment.</param>
    /// <param name="now">The time.</param>
    public WorkerHealth After(FailedTrial trial, bool failed, DateTimeOffset now)
    {
        if (!failed)
        {
            return Good;
        }

        ImmutableArray<FailedTrial> failures = Failures.Remove(trial).Add(trial);
        return new()
        {
            Failures = failures.Length > SuspectFrom ? failures.RemoveAt(0) : failures,
            FailingSince = FailingSince ?? now,
        };
    }

    /// <summary>
    /// Why the worker is to be drained, for people; null when it is not: it is not suspect, or what it failed at failed
    /// everywhere, or no other worker of its pool is left.
    /// </summary>
    /// <param name="completedElsewhere">Studies of which another worker of the pool has completed a segment since <see cref="FailingSince"/>.</param>
    /// <param name="others">Other workers of the pool that live and are offered trials.</param>
    public string? DrainReason(IReadOnlySet<string> completedElsewhere, int others) =>
        IsSuspect && others > 0 && Failures.All(f => completedElsewhere.Contains(f.StudyId))
            ? $"Its last {Failures.Length} trials all failed ({string.Join(", ", Failures.Select(f => $"{f.StudyId} trial {f.Number}"))}), while other workers of its pool completed segments of the same study."
            : null;
}
