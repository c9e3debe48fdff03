namespace HyperSearch.Training.Datasets;

/// <summary>The test split of a dataset, or why there is none.</summary>
/// <param name="Split">The examples; null with a reason.</param>
/// <param name="Missing">Why there are none; null with examples.</param>
/// <param name="Owner">Owns the tensors.</param>
internal sealed record TestSplit(ExampleSplit? Split, string? Missing, IDisposable? Owner) : IDisposable
{
    public const string None = "dataset has no test split";

    public const string Unlabelled = "test split is unlabelled";

    public void Dispose() => Owner?.Dispose();
}
