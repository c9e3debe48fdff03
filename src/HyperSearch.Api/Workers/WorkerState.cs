namespace HyperSearch.Api.Workers;

/// <summary>Where a worker's life stands.</summary>
internal enum WorkerState
{
    /// <summary>It is offered trials.</summary>
    Active,

    /// <summary>It is offered nothing more; what runs stops at the next epoch end or at a shutdown.</summary>
    Draining,

    /// <summary>Drained and empty.</summary>
    Drained,

    /// <summary>Its lease ran out; it comes back with its next heartbeat.</summary>
    Lost,

    /// <summary>It said goodbye.</summary>
    Left,
}
