namespace HyperSearch.Core.Studies;

/// <summary>How well the features after some blocks of a pretrained model separate the classes, by a linear probe.</summary>
/// <param name="Blocks">Blocks that the features have gone through, from 1: what stays fixed when that many are frozen.</param>
/// <param name="Value">Balanced accuracy on held-out examples, 0..1.</param>
/// <param name="StandardError">Its standard error over the drawing of held-out examples, or null.</param>
public sealed record DepthScore(int Blocks, double Value, double? StandardError);
