namespace HyperSearch.Worker.Segments;

/// <summary>Why a run is made to stop; a later one in this order overrides an earlier one.</summary>
internal enum StopReason
{
    None,

    /// <summary>At the next epoch end; the segment is given back.</summary>
    Pause,

    /// <summary>The worker shuts down; the segment is given back with its last checkpoint.</summary>
    Drain,

    /// <summary>Its checkpoints cannot be kept; the segment is given back with the last one that could.</summary>
    Store,

    /// <summary>The attempt is not wanted any more: nothing is reported.</summary>
    Discard,
}
