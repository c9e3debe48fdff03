namespace HyperSearch.Core.Studies;

/// <summary>What a free slot would go to.</summary>
public abstract record NextStart
{
    private NextStart()
    {
    }

    /// <summary>Nothing can start now.</summary>
    public sealed record Nothing : NextStart
    {
        internal static Nothing Value { get; } = new();
    }

    /// <summary>A trial that waits: returned, enqueued or promoted.</summary>
    public sealed record Waiting : NextStart
    {
        internal static Waiting Value { get; } = new();
    }

    /// <summary>A trial that waits at its rung and is good enough to go on.</summary>
    /// <param name="Number">The trial.</param>
    public sealed record Paused(int Number) : NextStart;

    /// <summary>The next one that the sampler proposes, or the baseline.</summary>
    public sealed record Fresh : NextStart
    {
        internal static Fresh Value { get; } = new();
    }
}
