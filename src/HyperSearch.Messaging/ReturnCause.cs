namespace HyperSearch.Messaging;

/// <summary>Why a segment was given back before its end.</summary>
public enum ReturnCause
{
    /// <summary>The worker shuts down.</summary>
    Drain,

    /// <summary>It was told to stop at an epoch end.</summary>
    Pause,

    /// <summary>No slot was free: a surplus assignment.</summary>
    NoFreeSlot,

    /// <summary>The child process died; counts as a lost attempt.</summary>
    ChildDied,

    /// <summary>The artifact store was out of reach or full; counts nothing.</summary>
    ArtifactStore,
}
