namespace HyperSearch.Messaging;

/// <summary>Tells a worker that an attempt may not go on. Heartbeat answers say the same; this is only faster.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="How">At the next batch or at the next epoch end.</param>
public sealed record StopTrial(AttemptReference Attempt, StopKind How);
