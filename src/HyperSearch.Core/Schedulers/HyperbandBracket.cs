using System.Collections.Immutable;

namespace HyperSearch.Core.Schedulers;

/// <summary>One bracket of hyperband: successive halving from a rung of the whole ladder on.</summary>
/// <param name="FirstNumber">The number of its first trial; its numbers are consecutive.</param>
/// <param name="FirstRung">Index of its first rung in the whole ladder; also the bracket's own index.</param>
/// <param name="Epochs">Epochs of its rungs, ascending.</param>
/// <param name="Trials">Trials of every rung when none fails; the first is what the bracket starts with, at least 1.</param>
public sealed record HyperbandBracket(int FirstNumber, int FirstRung, ImmutableArray<int> Epochs, ImmutableArray<int> Trials);
