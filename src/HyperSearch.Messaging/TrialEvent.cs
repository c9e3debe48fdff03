namespace HyperSearch.Messaging;

/// <summary>One event of one attempt; exactly one of the five is there.</summary>
public sealed record TrialEvent
{
    /// <summary>The attempt it speaks of; every event of the current attempt implies its start.</summary>
    public required AttemptReference Attempt { get; init; }

    /// <summary>The worker's life that sends it.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>The segment runs.</summary>
    public TrialStarted? Started { get; init; }

    /// <summary>An epoch has ended.</summary>
    public TrialReported? Reported { get; init; }

    /// <summary>The segment is done.</summary>
    public SegmentCompleted? Completed { get; init; }

    /// <summary>The segment is given back.</summary>
    public SegmentReturned? Returned { get; init; }

    /// <summary>The segment failed.</summary>
    public TrialFailed? Failed { get; init; }

    /// <summary>Whether the attempt is over with this event, so that its slot is free.</summary>
    public bool Ends() => Completed is not null || Returned is not null || Failed is not null;
}
