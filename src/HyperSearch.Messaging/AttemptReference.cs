namespace HyperSearch.Messaging;

/// <summary>One assignment of one segment: the fencing token of every message about it.</summary>
/// <param name="StudyId">The study.</param>
/// <param name="Number">The trial; -1 is the baseline, -2 stands for none (a probe).</param>
/// <param name="Kind">Training and scoring of one trial, and a study's probe, are separate segments with their own attempts.</param>
/// <param name="Attempt">Rises with every assignment; messages of another attempt are dropped.</param>
public sealed record AttemptReference(string StudyId, int Number, SegmentKind Kind, int Attempt);
