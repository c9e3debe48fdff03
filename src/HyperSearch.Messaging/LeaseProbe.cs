namespace HyperSearch.Messaging;

/// <summary>
/// Published to the heartbeat queue when a lease has run out: who consumes it behind all waiting heartbeats gives the
/// worker up if its lease is unchanged, so a backlog never kills the living.
/// </summary>
/// <param name="Incarnation">The worker in question.</param>
/// <param name="LeaseUntil">The lease that had run out.</param>
/// <param name="SentAt">The database's time when it was sent; too old a probe is dropped.</param>
public sealed record LeaseProbe(Guid Incarnation, DateTimeOffset LeaseUntil, DateTimeOffset SentAt);
