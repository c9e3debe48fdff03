using System.Collections.Immutable;
using System.Globalization;
using HyperSearch.Core.Trials;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// The MNIST family: pairs <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>, the same with
/// <c>validation</c> and <c>t10k</c> (test), each plain or gzip. <c>labels.txt</c>, one name per line, names the
/// classes; without it they are numbers. Without a validation pair, 10 % of train is cut off within each class.
/// </summary>
internal sealed class IdxDataset : IDatasetFormat
{
    private const double ValidationShare = 0.1;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TrainingException(FailureKind.DatasetError, $"The dataset folder {folder} does not exist.");
        }

        List<string> files = [Require(folder, Images("train")), Require(folder, Labels("train"))];
        foreach (string name in new[] { Images("validation"), Labels("validation"), "labels.txt" })
        {
            files.AddRange(IdxFile.Find(folder, name) is { } path ? [path] : []);
        }

        return files;
    }

    /// <inheritdoc/>
    public LabelledDataset Load(string folder, string hash)
    {
        List<torch.Tensor> tensors = [];
        try
        {
            ImageSplit train = LoadPair(folder, "train", tensors);
            ImmutableArray<string> labels = ReadLabels(folder, train);
            ulong seed = ulong.Parse(hash.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ImageSplit validation;
            if (IdxFile.Find(folder, Images("validation")) is not null)
            {
                validation = LoadPair(folder, "validation", tensors);
                CheckFits(folder, "validation", validation, train, labels.Length);
            }
            else
            {
                (train, validation) = StratifiedDraw.Share(train, labels.Length, ValidationShare, seed);
                if (validation.Count == 0)
                {
                    throw new TrainingException(FailureKind.DatasetError, $"{folder} has too few training examples to cut a validation split off.");
                }
            }

            return new(hash, labels, train, validation, tensors);
        }
        catch
        {
            tensors.ForEach(t => t.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public TestSplit LoadTest(string folder, ImmutableArray<string> labels)
    {
        if (IdxFile.Find(folder, Images("t10k")) is null)
        {
            return new(null, TestSplit.None);
        }

        if (IdxFile.Find(folder, Labels("t10k")) is null)
        {
            return new(null, TestSplit.Unlabelled);
        }

        List<torch.Tensor> tensors = [];
        try
        {
            ImageSplit test = LoadPair(folder, "t10k", tensors);
            CheckFits(folder, "t10k", test, null, labels.Length);
            return new(test, null);
        }
        catch
        {
            tensors.ForEach(t => t.Dispose());
            throw;
        }
    }

    private static ImageSplit LoadPair(string folder, string split, List<torch.Tensor> tensors)
    {
        string imagePath = Require(folder, Images(split)), labelPath = Require(folder, Labels(split));
        using torch.Tensor raw = IdxFile.Read(imagePath, 3);
        torch.Tensor images = raw.unsqueeze(1).DetachFromDisposeScope();
        tensors.Add(images);
        using torch.Tensor bytes = IdxFile.Read(labelPath, 1);
        torch.Tensor labels = bytes.to_type(torch.ScalarType.Int64).DetachFromDisposeScope();
        tensors.Add(labels);
        if (labels.shape[0] != images.shape[0])
        {
            throw new TrainingException(FailureKind.DatasetError, $"{labelPath}: {labels.shape[0]} labels for the {images.shape[0]} images of {imagePath}.");
        }

        return new(images, labels, [.. Enumerable.Range(0, (int)images.shape[0]).Select(i => (long)i)]);
    }

    private static ImmutableArray<string> ReadLabels(string folder, ImageSplit train)
    {
        int classes = MaxLabel(train) + 1;
        if (classes < 2)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{Require(folder, Labels("train"))}: all examples have one class; two are needed.");
        }

        string path = Path.Combine(folder, "labels.txt");
        if (!File.Exists(path))
        {
            return [.. Enumerable.Range(0, classes).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        }

        ImmutableArray<string> names = [.. File.ReadAllLines(path).Select(l => l.Trim()).Where(l => l.Length > 0)];
        return names.Length >= classes && names.Distinct().Count() == names.Length
            ? names
            : throw new TrainingException(FailureKind.DatasetError, $"{path}: {names.Length} names, not all different or fewer than the {classes} classes of the training labels.");
    }

    private static void CheckFits(string folder, string split, ImageSplit examples, ImageSplit? train, int classes)
    {
        if (MaxLabel(examples) >= classes)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{Require(folder, Labels(split))}: label {MaxLabel(examples)} where the training split has {classes} classes.");
        }

        if (train is not null && !examples.Images.shape.AsSpan(1).SequenceEqual(train.Images.shape.AsSpan(1)))
        {
            throw new TrainingException(FailureKind.DatasetError, $"{Require(folder, Images(split))}: images of another size than the training split's.");
        }
    }

    private static int MaxLabel(ImageSplit split)
    {
        using torch.Tensor max = split.Labels.max();
        return (int)max.item<long>();
    }

    private static string Require(string folder, string name) => IdxFile.Find(folder, name)
        ?? throw new TrainingException(FailureKind.DatasetError, $"{Path.Combine(folder, name)} is missing (plain or .gz).");

    private static string Images(string split) => $"{split}-images-idx3-ubyte";

    private static string Labels(string split) => $"{split}-labels-idx1-ubyte";
}
