using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets.Text;
using HyperSearch.Training.TensorCaches;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// Decodes a dataset once for all processes of a machine, by the content of its files and what a model asks for, and
/// keeps it mapped while its files stay the same. A process holds one dataset, the last used: it trains one trial at a
/// time, and trials of one study follow each other.
/// </summary>
internal static class DatasetCache
{
    private const double ValidationShare = 0.1;

    // So few may have one example each, as in a first try of a dataset.
    private const int FewClasses = 100;
    private const int MostClasses = 100_000;

    // Rises when decoding changes: what an older version has kept is decoded again.
    private const int Version = 3;

    private static readonly Lock Gate = new();
    private static LabelledDataset? _dataset;
    private static string? _key;

    /// <summary>The dataset; it stays the cache's, callers do not dispose it.</summary>
    /// <param name="source">Where it lies and how it is read.</param>
    /// <param name="wanted">What is made of its examples.</param>
    /// <param name="alive">Called now and then: a sign of life.</param>
    /// <param name="cancellationToken">Ends the decoding.</param>
    /// <exception cref="TrainingException">Missing or damaged; names the file.</exception>
    public static LabelledDataset Get(DatasetSource source, Preprocessing wanted, Action alive, CancellationToken cancellationToken)
    {
        IDatasetFormat format = DatasetFormats.Find(source.Format);
        SignOfLife life = new(alive, cancellationToken);
        lock (Gate)
        {
            DatasetFiles files = format.Files(source, life);
            string hash = ContentHash.Of(files.OfSearch, life, TimeProvider.System);
            string key = Key(source, wanted, hash, null);
            if (_dataset is { } cached && _key == key)
            {
                return cached;
            }

            Clear();
            CachedTensors tensors = Open(source, key, cache => DecodeSearch(format, source, files, wanted, cache, alive, cancellationToken), alive, cancellationToken);
            (_dataset, _key) = (Assemble(source, hash, key, tensors), key);
            return _dataset;
        }
    }

    /// <summary>The test split.</summary>
    /// <param name="source">Where the dataset lies and how it is read.</param>
    /// <param name="wanted">What is made of its examples.</param>
    /// <param name="labels">The label map of the model.</param>
    /// <param name="alive">Called now and then: a sign of life.</param>
    /// <param name="cancellationToken">Ends the decoding.</param>
    public static TestSplit Test(DatasetSource source, Preprocessing wanted, ImmutableArray<string> labels, Action alive, CancellationToken cancellationToken)
    {
        // Groups are for cutting a split off; a test split need not have them.
        source = source with { Options = source.Options with { GroupColumn = null } };
        IDatasetFormat format = DatasetFormats.Find(source.Format);
        SignOfLife life = new(alive, cancellationToken);
        DatasetFiles files = format.Files(source, life);
        if (files.Test.Count == 0 || !format.IsLabelled(source, files.Test))
        {
            return new(null, files.Test.Count == 0 ? TestSplit.None : TestSplit.Unlabelled, null);
        }

        string hash = ContentHash.Of(files.OfTest, life, TimeProvider.System);
        CachedTensors tensors = Open(source, Key(source, wanted, hash, labels), DecodeTest, alive, cancellationToken);
        return new(ExampleSplit.All(tensors["test"], tensors["test.labels"], Split.Test), null, tensors);

        void DecodeTest(TensorCacheWriter cache)
        {
            ClassMap classes = new(labels, format.LabelsArePlaces, files.Labels is not null);
            LabelSink sink = new(classes);
            Decode(format, new(source, files.Test, wanted, sink, cache, "test", alive, cancellationToken), classes);
        }
    }

    /// <summary>Forgets what is mapped; what is on disk stays.</summary>
    public static void Clear()
    {
        lock (Gate)
        {
            _dataset?.Dispose();
            _dataset = null;
        }
    }

    private static string Key(DatasetSource source, Preprocessing wanted, string hash, ImmutableArray<string>? testOf) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { Version, source.Format, source.Options, wanted.Key, hash, testOf })));

    private static CachedTensors Open(DatasetSource source, string key, Action<TensorCacheWriter> decode, Action alive, CancellationToken cancellationToken) =>
        new TensorCache(source.CacheFolder, source.CacheBytes, TimeProvider.System).GetOrBuild(key, decode, alive, cancellationToken);

    private static void DecodeSearch(
        IDatasetFormat format, DatasetSource source, DatasetFiles files, Preprocessing wanted, TensorCacheWriter cache, Action alive, CancellationToken cancellationToken)
    {
        LabelSink sink = new(null);
        DecodedSplit train = format.Decode(new(source, files.Train, wanted, sink, cache, "train", alive, cancellationToken));
        if (sink.Seen.Take(2).Count() < 2)
        {
            throw new TrainingException(FailureKind.DatasetError, sink.Count == 0
                ? $"{files.Train[0].Path}: there are no examples to train on."
                : $"{files.Train[^1].Path}: all examples have one class; two are needed.");
        }

        CheckClasses(source, files.Train[0], sink);
        ClassMap classes = Classes(format, files, sink);
        WriteNumbers(cache, "train.labels", sink.Ids(classes));
        Dictionary<string, long> groups = new(StringComparer.Ordinal);
        if (train.Groups is { } names)
        {
            WriteNumbers(cache, "train.groups", [.. names.Select(g => groups.TryGetValue(g, out long id) ? id : groups[g] = groups.Count)]);
        }

        if (files.Validation.Count > 0)
        {
            DecodedSplit validation = Decode(format, new(source, files.Validation, train.Used, new(classes), cache, "validation", alive, cancellationToken), classes);
            if (validation.Groups?.FirstOrDefault(groups.ContainsKey) is { } shared)
            {
                throw DataFaults.Wrong(files.Validation[0], $"the group {DataFaults.Quote(shared)} is in the training split too");
            }
        }

        cache.Notes["labels"] = JsonSerializer.SerializeToNode(classes.Names);
        cache.Notes["colour"] = train.Colour;
    }

    // A column of numbers or texts named as label_column would make a head of as many outputs, and nothing to learn of each.
    private static void CheckClasses(DatasetSource source, DataFile file, LabelSink sink)
    {
        int classes = sink.Seen.Count();
        if (classes > MostClasses || (classes > FewClasses && classes > sink.Count / 2))
        {
            string where = DatasetFormat.IsText(source.Format) ? $"the column {DataFaults.Quote(TextColumns.LabelOf(source.Options))} (label_column) has" : "there are";
            throw DataFaults.Wrong(file, FormattableString.Invariant($"{where} {classes} classes in {sink.Count} training examples; above {FewClasses} classes each needs two examples on average, and {MostClasses} are the most"));
        }
    }

    private static DecodedSplit Decode(IDatasetFormat format, DecodeJob job, ClassMap classes)
    {
        DecodedSplit split = format.Decode(job);
        if (job.Labels.Count == 0)
        {
            throw DataFaults.Wrong(job.Files[0], "there are no examples in this split");
        }

        WriteNumbers(job.Cache, job.Tensor + ".labels", job.Labels.Ids(classes));
        return split;
    }

    private static ClassMap Classes(IDatasetFormat format, DatasetFiles files, LabelSink sink)
    {
        if (files.Labels is not { } file)
        {
            return ClassMap.Of(sink.Seen, null, format.LabelsArePlaces)!;
        }

        ImmutableArray<string> names = [.. File.ReadAllLines(file.Path).Select(l => l.Trim()).Where(l => l.Length > 0)];
        return (names.Distinct(StringComparer.Ordinal).Count() == names.Length ? ClassMap.Of(sink.Seen, names, format.LabelsArePlaces) : null)
            ?? throw DataFaults.Wrong(file, $"{names.Length} names, not all different or without some of the training split's {sink.Seen.Count()} labels");
    }

    private static void WriteNumbers(TensorCacheWriter cache, string name, long[] numbers)
    {
        using TensorFileWriter tensor = cache.Add(name, torch.ScalarType.Int64);
        tensor.Write(numbers);
    }

    private static LabelledDataset Assemble(DatasetSource source, string hash, string key, CachedTensors tensors)
    {
        ImmutableArray<string> labels = tensors.Notes.GetProperty("labels").Deserialize<ImmutableArray<string>>();
        ExampleSplit train = ExampleSplit.All(tensors["train"], tensors["train.labels"], Split.Train);
        ExampleSplit validation;
        if (tensors.Find("validation") is { } inputs)
        {
            validation = ExampleSplit.All(inputs, tensors["validation.labels"], Split.Validation);
        }
        else
        {
            ulong seed = LabelledDataset.SeedOf(hash);
            (train, validation) = tensors.Find("train.groups") is { } groups
                ? GroupedDraw.Share(train, Numbers(train.Labels), Numbers(groups), labels.Length, ValidationShare, seed)
                : StratifiedDraw.Share(train, labels.Length, ValidationShare, seed);
            if (validation.Count == 0)
            {
                tensors.Dispose();
                throw new TrainingException(FailureKind.DatasetError, $"{source.Folder} has too few training examples{(source.Options.GroupColumn is null ? "" : " or groups")} to cut a validation split off.");
            }
        }

        return new(hash, labels, train, validation, tensors) { Key = key, Colour = tensors.Notes.GetProperty("colour").GetBoolean(), Groups = tensors.Find("train.groups") };
    }

    private static ReadOnlySpan<long> Numbers(torch.Tensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.bytes);
}
