using System.Collections.Immutable;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>The decoded training and validation splits of a dataset. The test split is opened only to be scored.</summary>
/// <param name="hash">sha256 over the names and contents of the files, in lower-case hexadecimal.</param>
/// <param name="labels">The label map: the name of each class.</param>
/// <param name="train">Training split.</param>
/// <param name="validation">Validation split.</param>
/// <param name="tensors">Everything that must be disposed.</param>
internal sealed class LabelledDataset(
    string hash, ImmutableArray<string> labels, ImageSplit train, ImageSplit validation, IReadOnlyList<torch.Tensor> tensors) : IDisposable
{
    /// <summary>sha256 over the names and contents of the files.</summary>
    public string Hash { get; } = hash;

    /// <summary>The label map: the name of each class.</summary>
    public ImmutableArray<string> Labels { get; } = labels;

    /// <summary>Training split.</summary>
    public ImageSplit Train { get; } = train;

    /// <summary>Validation split.</summary>
    public ImageSplit Validation { get; } = validation;

    /// <summary>The seed of every draw from this dataset.</summary>
    public ulong Seed { get; } = ulong.Parse(hash.AsSpan(0, 16), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (torch.Tensor tensor in tensors)
        {
            tensor.Dispose();
        }
    }
}
