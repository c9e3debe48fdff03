namespace HyperSearch.Worker.Segments;

internal enum SegmentEndKind
{
    Completed,
    Diverged,
    StoppedEarly,

    /// <summary>Stopped at a batch end, as it was told; nothing after the last checkpoint counts.</summary>
    StoppedNow,

    /// <summary>Stopped at an epoch end, as it was told, with a checkpoint.</summary>
    StoppedAtEpoch,

    /// <summary>It did not fit; the child has to end, for what the failed allocation left behind is unknown.</summary>
    OutOfMemory,

    /// <summary>The tensor library failed; the child has to end, for on a broken device everything after it fails too.</summary>
    LibraryFailed,

    /// <summary>Its local folder could not be written.</summary>
    StorageFailed,

    Failed,
}
