using System.Collections.Immutable;
using System.Globalization;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>The decoded training and validation splits of a dataset. The test split is opened only to be scored.</summary>
/// <param name="hash">sha256 over the names and contents of the files, in lower-case hexadecimal.</param>
/// <param name="labels">The label map: the name of each class.</param>
/// <param name="train">Training split.</param>
/// <param name="validation">Validation split.</param>
/// <param name="owner">Owns the tensors.</param>
internal sealed class LabelledDataset(string hash, ImmutableArray<string> labels, ExampleSplit train, ExampleSplit validation, IDisposable owner) : IDisposable
{
    /// <summary>sha256 over the names and contents of the files.</summary>
    public string Hash { get; } = hash;

    /// <summary>Tells the decoded examples from all others: the files' content, what is read of it, and how it is preprocessed.</summary>
    public required string Key { get; init; }

    /// <summary>The label map: the name of each class.</summary>
    public ImmutableArray<string> Labels { get; } = labels;

    /// <summary>Training split.</summary>
    public ExampleSplit Train { get; } = train;

    /// <summary>Validation split.</summary>
    public ExampleSplit Validation { get; } = validation;

    /// <summary>Whether its images have colours, whatever the model's channels.</summary>
    public bool Colour { get; init; }

    /// <summary>Group of each row of the training file as int64, from 0; null where examples have no groups.</summary>
    public torch.Tensor? Groups { get; init; }

    /// <summary>The seed of every draw from this dataset.</summary>
    public ulong Seed { get; } = SeedOf(hash);

    /// <summary>The seed of a dataset with that hash.</summary>
    public static ulong SeedOf(string hash) => ulong.Parse(hash.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public void Dispose() => owner.Dispose();
}
