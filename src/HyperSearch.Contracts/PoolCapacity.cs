namespace HyperSearch.Contracts;

/// <summary>One pool.</summary>
public sealed record PoolCapacity
{
    /// <summary>Its name.</summary>
    public required string Pool { get; init; }

    /// <summary>Slots of all living workers.</summary>
    public required int SlotsTotal { get; init; }

    /// <summary>Of those, taken.</summary>
    public required int SlotsBusy { get; init; }

    /// <summary>Of those, free and offered.</summary>
    public required int SlotsFree { get; init; }

    /// <summary>Slots of workers that are being drained.</summary>
    public required int SlotsDraining { get; init; }

    /// <summary>Segments that could start now with unlimited slots.</summary>
    public required long Startable { get; init; }

    /// <summary>Of those, the ones that no worker that is offered trials can run: there is none, or none that trains in the study's precision.</summary>
    public required long Unservable { get; init; }

    /// <summary>Running and startable segments: the slots that the pool can use now.</summary>
    public required long WantedSlots { get; init; }

    /// <summary>Seconds since the longest waiting study with something startable was last offered a slot or was created; null when nothing waits.</summary>
    public required double? OldestWaitingS { get; init; }

    /// <summary>Device seconds that the open studies still need, from their measured seconds per epoch; null while nothing is measured.</summary>
    public required double? DeviceSecondsLeft { get; init; }

    /// <summary>Its living workers.</summary>
    public required IReadOnlyList<WorkerCapacity> Workers { get; init; }
}
