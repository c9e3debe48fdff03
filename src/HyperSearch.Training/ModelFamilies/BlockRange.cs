namespace HyperSearch.Training.ModelFamilies;

/// <summary>Where a block's parameters lie in the flat tensor: decayed weights first.</summary>
/// <param name="Start">First element.</param>
/// <param name="UndecayedStart">First element without weight decay.</param>
/// <param name="End">After the last element.</param>
internal readonly record struct BlockRange(long Start, long UndecayedStart, long End);
