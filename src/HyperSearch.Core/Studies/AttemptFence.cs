namespace HyperSearch.Core.Studies;

/// <summary>What an event must name to change anything: the trial, its current attempt and the worker's life that has it.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Incarnation">The worker's life.</param>
public sealed record AttemptFence(int Number, int Attempt, Guid Incarnation);
