namespace HyperSearch.Core.Studies;

/// <summary>Why a study ended; on the wire in snake_case.</summary>
public enum StopReason
{
    /// <summary>Every trial that the algorithm asks for has ended.</summary>
    Finished,

    /// <summary>The same, with fewer trials than asked for because the space has no more configurations.</summary>
    SpaceExhausted,

    /// <summary>A completed trial met the target.</summary>
    Target,

    /// <summary>Too many completed trials without a better best.</summary>
    PatienceTrials,

    /// <summary>The epochs of the whole study are used up.</summary>
    MaxEpochsTotal,

    /// <summary>The device seconds are used up.</summary>
    MaxDeviceSeconds,

    /// <summary>The time without pauses is used up.</summary>
    MaxDurationS,

    /// <summary>More trials failed than allowed.</summary>
    MaxFailedTrials,

    /// <summary>The verb stop.</summary>
    UserStop,

    /// <summary>The verb cancel.</summary>
    UserCancel,
}
