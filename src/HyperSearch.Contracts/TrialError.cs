namespace HyperSearch.Contracts;

/// <summary>Why a trial failed.</summary>
public sealed record TrialError
{
    /// <summary><c>bad_parameters out_of_memory dataset_error worker_lost cancelled internal</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What went wrong, for people.</summary>
    public required string? Message { get; init; }
}
