namespace HyperSearch.Messaging;

/// <summary>A segment failed.</summary>
public sealed record TrialFailed
{
    /// <summary>Kind in snake_case: <c>bad_parameters out_of_memory dataset_error internal</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What went wrong, naming file or tensor.</summary>
    public required string Message { get; init; }

    /// <summary>Whether another try can help.</summary>
    public bool Retryable { get; init; }

    /// <summary>The segment's reports so far.</summary>
    public IReadOnlyList<EpochMetrics> Reports { get; init; } = [];

    /// <summary>Device seconds of the attempt.</summary>
    public double DeviceSeconds { get; init; }
}
