namespace HyperSearch.Messaging;

/// <summary>The score of one depth.</summary>
/// <param name="Blocks">Blocks that the features have gone through, from 1.</param>
/// <param name="Value">Balanced accuracy of a linear probe on held-out examples.</param>
/// <param name="StandardError">Its standard error, or null.</param>
public sealed record ProbedDepth(int Blocks, double Value, double? StandardError);
