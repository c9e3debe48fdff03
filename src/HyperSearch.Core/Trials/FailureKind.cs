namespace HyperSearch.Core.Trials;

/// <summary>Why a trial failed; on the wire in snake_case.</summary>
public enum FailureKind
{
    /// <summary>The parameters cannot be trained with; never retried.</summary>
    BadParameters,

    /// <summary>Even the smallest micro-batch did not fit; retried once, on another worker if there is one.</summary>
    OutOfMemory,

    /// <summary>A dataset or weights file is missing, damaged or outside the configured roots; retried once, on another worker if there is one.</summary>
    DatasetError,

    /// <summary>Too many workers died in a row without a checkpoint further on.</summary>
    WorkerLost,

    /// <summary>Cancelled by a user.</summary>
    Cancelled,

    /// <summary>Anything else, a dead child process included.</summary>
    Internal,
}
