using System.Globalization;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// The MNIST family: pairs <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>, the same with
/// <c>validation</c> and <c>t10k</c> (test), each plain or gzip. <c>labels.txt</c>, one name per line, names the
/// classes; without it they are numbers.
/// </summary>
internal sealed class IdxDataset : IDatasetFormat
{
    private const string Packed = ".gz";

    /// <inheritdoc/>
    public bool LabelsArePlaces => true;

    /// <inheritdoc/>
    public DatasetFiles Files(DatasetSource source, SignOfLife life)
    {
        Dictionary<string, DataFile> files = DataTree.Files(source.Folder, source.Roots, life).ToDictionary(f => f.Name, StringComparer.Ordinal);
        string train = source.Options.Split ?? "train";
        return new()
        {
            Folder = source.Folder,
            Train = [Require(Images(train)), Require(Labels(train))],
            Validation = Find(Images("validation")) is { } images ? [images, Require(Labels("validation"))]
                : Find(Labels("validation")) is null ? [] : [Require(Images("validation"))],
            Test = [.. new[] { Find(Images("t10k")), Find(Labels("t10k")) }.OfType<DataFile>()],
            Labels = Find(DatasetFiles.LabelsFile),
        };

        DataFile? Find(string name) => files.TryGetValue(name, out DataFile file) || files.TryGetValue(name + Packed, out file) ? file : null;
        DataFile Require(string name) => Find(name)
            ?? throw new TrainingException(FailureKind.DatasetError, $"{Path.Combine(source.Folder, name)} is missing (plain or .gz).");
    }

    /// <inheritdoc/>
    public bool IsLabelled(DatasetSource source, IReadOnlyList<DataFile> files) => files.Count == 2;

    /// <inheritdoc/>
    public DecodedSplit Decode(DecodeJob job)
    {
        DataFile imageFile = job.Files[0], labelFile = job.Files[1];
        (long[] shape, byte[] pixels) = IdxFile.Read(imageFile.Path, 3);
        (long[] labels, byte[] ids) = IdxFile.Read(labelFile.Path, 1);
        if (labels[0] != shape[0])
        {
            throw DataFaults.Wrong(labelFile, $"{labels[0]} labels for the {shape[0]} images of {imageFile.Path}");
        }

        foreach (byte id in ids)
        {
            if (!job.Labels.Add(id.ToString(CultureInfo.InvariantCulture)))
            {
                throw DataFaults.Wrong(labelFile, $"label {id} is none of the training split's classes");
            }
        }

        Preprocessing.Images wanted = Resolve(job, imageFile, shape);
        int size = (int)(shape[1] * shape[2]);
        using TensorCaches.TensorFileWriter inputs = job.Cache.Add(job.Tensor, TorchSharp.torch.ScalarType.Byte,
            wanted.Channels!.Value, wanted.Size ?? shape[1], wanted.Size ?? shape[2]);
        OrderedRows.Write((int)shape[0], inputs, Fill, job.Alive, job.CancellationToken);
        return new(wanted);

        void Fill(int row, Span<byte> target)
        {
            Picture picture = new((int)shape[2], (int)shape[1], pixels[(row * size)..((row + 1) * size)]);
            picture.Fit(wanted, target);
        }
    }

    // As they are: grey, and of the training split's size.
    private static Preprocessing.Images Resolve(DecodeJob job, DataFile file, long[] shape)
    {
        Preprocessing.Images wanted = (Preprocessing.Images)job.Wanted;
        wanted = wanted with { Channels = wanted.Channels ?? 1 };
        return wanted.Size is null && shape[1] == shape[2] ? wanted with { Size = (int)shape[1] }
            : wanted.Size is null ? throw DataFaults.Wrong(file, $"the images are {shape[1]}x{shape[2]}; image_size makes them square")
            : wanted;
    }

    private static string Images(string split) => $"{split}-images-idx3-ubyte";

    private static string Labels(string split) => $"{split}-labels-idx1-ubyte";
}
