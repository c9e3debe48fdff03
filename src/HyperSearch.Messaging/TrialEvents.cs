namespace HyperSearch.Messaging;

/// <summary>Events packed for up to 100 ms, in order: the framework's cost is per message.</summary>
/// <param name="Events">At least one event.</param>
public sealed record TrialEvents(IReadOnlyList<TrialEvent> Events);
