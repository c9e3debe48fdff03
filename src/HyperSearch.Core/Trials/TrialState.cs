namespace HyperSearch.Core.Trials;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>To be assigned: created, returned, interrupted or promoted.</summary>
    Waiting,

    /// <summary>Assigned to a worker that has not yet been heard of.</summary>
    Dispatched,

    /// <summary>Its worker has reported something.</summary>
    Running,

    /// <summary>Finished its segment and waits for the decision of its rung.</summary>
    Paused,

    /// <summary>Reached its full resource.</summary>
    Completed,

    /// <summary>Ended early: not promoted, stopped or diverged.</summary>
    Pruned,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended by a user.</summary>
    Cancelled,
}
