namespace HyperSearch.Core.Studies;

/// <summary>Where a study stands.</summary>
public enum StudyState
{
    /// <summary>Nothing assigned yet.</summary>
    Queued,

    /// <summary>Trials are assigned, or its winner is being scored.</summary>
    Running,

    /// <summary>Nothing is assigned until it is resumed.</summary>
    Paused,

    /// <summary>Running segments finish, nothing more starts.</summary>
    Stopping,

    /// <summary>Ran out, met its target or its patience, or used up a budget.</summary>
    Completed,

    /// <summary>Ended by the verb stop.</summary>
    Stopped,

    /// <summary>Ended by the verb cancel.</summary>
    Cancelled,

    /// <summary>Too many trials failed.</summary>
    Failed,
}
