using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>Some examples of a tensor that other splits may share.</summary>
/// <param name="inputs">Pixels as bytes, [all, channels, height, width], or tokens as int32, [all, 2, length]: ids, then types.</param>
/// <param name="labels">Class indices as int64, [all].</param>
/// <param name="indices">Which of them belong to this split, in a fixed order.</param>
internal sealed class ExampleSplit(torch.Tensor inputs, torch.Tensor labels, long[] indices)
{
    /// <summary>Pixels as bytes, [all, channels, height, width], or tokens as int32, [all, 2, length].</summary>
    public torch.Tensor Inputs { get; } = inputs;

    /// <summary>Class indices as int64, [all].</summary>
    public torch.Tensor Labels { get; } = labels;

    /// <summary>Which of the dataset's tensors these are: a validation split that is drawn from the training examples lies in theirs.</summary>
    public required Split Source { get; init; }

    /// <summary>What enters <see cref="Block"/> as float32, [all, ...], computed beforehand; null where the model begins with the inputs.</summary>
    public torch.Tensor? Features { get; init; }

    /// <summary>The block that <see cref="Features"/> enter.</summary>
    public int Block { get; init; }

    /// <summary>Rows of <see cref="Inputs"/> that belong to this split.</summary>
    public IReadOnlyList<long> Indices => indices;

    /// <summary>Number of examples.</summary>
    public int Count => indices.Length;

    /// <summary>A split of all rows.</summary>
    public static ExampleSplit All(torch.Tensor inputs, torch.Tensor labels, Split source) =>
        new(inputs, labels, [.. Enumerable.Range(0, checked((int)labels.shape[0])).Select(i => (long)i)]) { Source = source };

    /// <summary>A copy of the rows that may be shuffled.</summary>
    public long[] CopyIndices() => [.. indices];

    /// <summary>Copies the rows to where they may be shuffled.</summary>
    /// <param name="rows">As long as there are rows.</param>
    public void CopyIndicesTo(Span<long> rows) => indices.CopyTo(rows);

    /// <summary>The same tensors with other rows.</summary>
    public ExampleSplit With(long[] rows) => new(Inputs, Labels, rows) { Source = Source, Features = Features, Block = Block };

    /// <summary>Rows by class, in the split's order.</summary>
    /// <param name="classes">Number of classes.</param>
    public List<long>[] RowsByClass(int classes)
    {
        List<long>[] rows = new List<long>[classes];
        for (int c = 0; c < classes; c++)
        {
            rows[c] = [];
        }

        using torch.Tensor cpu = Labels.cpu();
        ReadOnlySpan<long> all = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(cpu.bytes);
        foreach (long row in indices)
        {
            rows[all[(int)row]].Add(row);
        }

        return rows;
    }
}
