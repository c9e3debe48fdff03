namespace HyperSearch.Training.Metrics;

/// <summary>What a model answered for a split: one entry per example.</summary>
/// <param name="Classes">Number of classes.</param>
/// <param name="Labels">Class of each example.</param>
/// <param name="Predictions">Class with the largest logit.</param>
/// <param name="Losses">Cross-entropy of each example, in float32.</param>
/// <param name="Margins">Logit of class 1 less that of class 0, for two classes; else empty.</param>
internal sealed record Scores(int Classes, long[] Labels, long[] Predictions, float[] Losses, float[] Margins)
{
    /// <summary>The same with other examples, with repetition: one resample of a bootstrap.</summary>
    public Scores Resample(int[] rows) => new(
        Classes,
        [.. rows.Select(i => Labels[i])],
        [.. rows.Select(i => Predictions[i])],
        [.. rows.Select(i => Losses[i])],
        Margins.Length == 0 ? [] : [.. rows.Select(i => Margins[i])]);
}
