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

    /// <summary>The child process died, or had to end because the tensor library failed in it; counts as a lost attempt.</summary>
    ChildDied,

    /// <summary>The artifact store was out of reach or full; counts nothing.</summary>
    ArtifactStore,

    /// <summary>It ran out of memory after epochs that it had reported and that no checkpoint holds; it goes on with a smaller micro-batch. Counts nothing.</summary>
    OutOfMemory,
}
