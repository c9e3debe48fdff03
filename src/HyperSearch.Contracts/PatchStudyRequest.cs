namespace HyperSearch.Contracts;

/// <summary>
/// What <c>PATCH /v1/studies/{id}</c> takes, as a JSON merge patch (RFC 7396): a field that is left out stays, null takes it
/// away. A study that has ended takes notes and labels only.
/// </summary>
public sealed record PatchStudyRequest
{
    /// <summary>Longer text for people.</summary>
    public string? Notes { get; init; }

    /// <summary>Labels to set; one that is null is taken away, the others stay.</summary>
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    /// <summary>The raised number of searched trials, without enqueued ones; it cannot be lowered.</summary>
    public int? MaxTrials { get; init; }

    /// <summary>Trials assigned at the same time; null takes the limit away.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Higher is offered slots first; null is the default 0.</summary>
    public int? Priority { get; init; }
}
