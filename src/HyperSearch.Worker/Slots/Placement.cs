namespace HyperSearch.Worker.Slots;

internal enum Placement
{
    /// <summary>It is on a slot.</summary>
    Placed,

    /// <summary>It is, was, or has been overtaken: nothing to do.</summary>
    Known,

    /// <summary>A surplus, to be given back.</summary>
    NoFreeSlot,

    /// <summary>The worker shuts down.</summary>
    Draining,
}
