namespace HyperSearch.Core.Samplers;

/// <summary>How much a trial says, most first.</summary>
internal enum ObservationKind
{
    /// <summary>Its value at the full resource.</summary>
    Completed,

    /// <summary>Its value at the epochs where it was paused or pruned.</summary>
    Stopped,

    /// <summary>It ended without a finite value: diverged.</summary>
    Missing,

    /// <summary>Nothing yet but where the search already looks.</summary>
    Running,
}
