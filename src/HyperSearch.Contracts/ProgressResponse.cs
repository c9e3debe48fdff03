namespace HyperSearch.Contracts;

/// <summary>The searched trials by state; the baseline is not counted.</summary>
public sealed record ProgressResponse
{
    /// <summary>Planned searched trials; the sum of the rest.</summary>
    public required int Total { get; init; }

    /// <summary>Not yet running: to be created, to be assigned, or assigned and not yet heard of.</summary>
    public required int Waiting { get; init; }

    /// <summary>Running on workers.</summary>
    public required int Running { get; init; }

    /// <summary>Waiting at a rung to be compared.</summary>
    public required int Paused { get; init; }

    /// <summary>At their full resource.</summary>
    public required int Completed { get; init; }

    /// <summary>Ended early: not promoted or diverged.</summary>
    public required int Pruned { get; init; }

    /// <summary>Ended by an error.</summary>
    public required int Failed { get; init; }

    /// <summary>Ended by a user or with the study; those never created included.</summary>
    public required int Cancelled { get; init; }
}
