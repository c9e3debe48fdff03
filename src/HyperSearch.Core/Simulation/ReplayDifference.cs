using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Simulation;

/// <summary>The first entry of a decision log at which a replay decides otherwise.</summary>
/// <param name="Sequence">The entry's place in the log, from 1.</param>
/// <param name="Input">What had happened.</param>
/// <param name="Recorded">What was decided then.</param>
/// <param name="Replayed">What the rules decide now.</param>
/// <param name="Refused">Why the rules do not take the input now, for people; null when they do.</param>
public sealed record ReplayDifference(long Sequence, StudyInput Input, IReadOnlyList<Decision> Recorded, IReadOnlyList<Decision> Replayed, string? Refused);
