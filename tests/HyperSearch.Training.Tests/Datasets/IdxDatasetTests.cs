using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.Tests.Datasets;

public sealed class IdxDatasetTests : IDisposable
{
    private const string Official = "/usr/share/datasets/fashion-mnist";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Get_PlainAndGzip_AreTheSameExamples()
    {
        TinyDataset.Write(_folder["a"]);
        TinyDataset.Write(_folder["b"]);
        string packed = Path.Combine(_folder["b"], "train-images-idx3-ubyte.gz");
        using (System.IO.Compression.GZipStream gzip = new(File.OpenRead(packed), System.IO.Compression.CompressionMode.Decompress))
        using (FileStream plain = File.Create(packed[..^3]))
        {
            gzip.CopyTo(plain);
        }

        File.Delete(packed);

        LabelledDataset first = Decoded.Get(_folder["a"], "idx");
        byte[] pixels = first.Train.Inputs.bytes.ToArray();
        LabelledDataset second = Decoded.Get(_folder["b"], "idx");

        second.Train.Inputs.bytes.ToArray().ShouldBe(pixels);
        second.Train.Inputs.shape.ShouldBe([40, 1, 16, 16]);
        second.Labels.ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public void Get_NoValidationSplit_CutsTheSameTenPercentWithinEachClass()
    {
        TinyDataset.Write(_folder["data"], train: 300, validation: null);

        LabelledDataset dataset = Decoded.Get(_folder["data"], "idx");
        long[] drawn = dataset.Validation.CopyIndices();
        DatasetCache.Clear();
        LabelledDataset again = Decoded.Get(_folder["data"], "idx");

        again.Validation.CopyIndices().ShouldBe(drawn);
        again.Validation.RowsByClass(3).Select(rows => rows.Count).ShouldBe([10, 10, 10]);
        again.Train.Indices.Concat(again.Validation.Indices).Order().ShouldBe(Enumerable.Range(0, 300).Select(i => (long)i));
    }

    [Theory]
    [InlineData(10, new[] { 4, 3, 3 })]
    [InlineData(12, new[] { 4, 4, 4 })]
    [InlineData(1000, new[] { 14, 13, 13 })]
    public void Take_FewerExamples_KeepsTheSharesOfTheClasses(int count, int[] perClass)
    {
        LabelledDataset dataset = Decoded.Get(TinyDataset.Write(_folder["data"]), "idx");

        ExampleSplit taken = StratifiedDraw.Take(dataset.Train, 3, count, dataset.Seed);

        taken.RowsByClass(3).Select(rows => rows.Count).ShouldBe(perClass);
        StratifiedDraw.Take(dataset.Train, 3, count, dataset.Seed).CopyIndices().ShouldBe(taken.CopyIndices());
    }

    [Fact]
    public void Get_SameFiles_DecodesOnceUntilTheyChange()
    {
        TinyDataset.Write(_folder["data"]);
        LabelledDataset first = Decoded.Get(_folder["data"], "idx");

        Decoded.Get(_folder["data"], "idx").ShouldBeSameAs(first);
        TinyDataset.Write(_folder["data"], train: 44);
        Decoded.Get(_folder["data"], "idx").Hash.ShouldNotBe(first.Hash);
    }

    [Fact]
    public void Get_LabelsFile_NamesTheClasses()
    {
        TinyDataset.Write(_folder["data"]);
        File.WriteAllText(Path.Combine(_folder["data"], "labels.txt"), "shirt\nshoe\nbag\n");

        Decoded.Get(_folder["data"], "idx").Labels.ShouldBe(["shirt", "shoe", "bag"]);
    }

    public static TheoryData<string, Action<string>> Damages => new()
    {
        { "train-images-idx3-ubyte", f => File.Delete(Path.Combine(f, "train-images-idx3-ubyte.gz")) },
        { "train-labels-idx1-ubyte", f => File.Delete(Path.Combine(f, "train-labels-idx1-ubyte")) },
        { "validation-labels-idx1-ubyte", f => File.Delete(Path.Combine(f, "validation-labels-idx1-ubyte")) },
        { "train-images-idx3-ubyte.gz", f => Cut(Path.Combine(f, "train-images-idx3-ubyte.gz"), 0.5) },
        { "train-images-idx3-ubyte.gz", f => Cut(Path.Combine(f, "train-images-idx3-ubyte.gz"), 0) },
        { "train-labels-idx1-ubyte", f => Cut(Path.Combine(f, "train-labels-idx1-ubyte"), 0.5) },
        { "train-images-idx3-ubyte.gz", f => Flip(Path.Combine(f, "train-images-idx3-ubyte.gz"), 0.6) },
        { "train-images-idx3-ubyte.gz", f => Flip(Path.Combine(f, "train-images-idx3-ubyte.gz"), 0) },
        { "train-labels-idx1-ubyte", f => TinyDataset.WriteIdx(Path.Combine(f, "train-labels-idx1-ubyte"), new byte[40], 40, 1) },
        { "train-labels-idx1-ubyte", f => TinyDataset.WriteIdx(Path.Combine(f, "train-labels-idx1-ubyte"), new byte[39], 39) },
        { "train-labels-idx1-ubyte", f => TinyDataset.WriteIdx(Path.Combine(f, "train-labels-idx1-ubyte"), new byte[40], 40) },
        { "train-labels-idx1-ubyte", f => TinyDataset.WriteIdx(Path.Combine(f, "train-labels-idx1-ubyte"), new byte[41], 40) },
        { "train-labels-idx1-ubyte", f => TinyDataset.WriteIdx(Path.Combine(f, "train-labels-idx1-ubyte"), [], 0) },
        { "train-images-idx3-ubyte.gz", f => TinyDataset.WriteIdx(Path.Combine(f, "train-images-idx3-ubyte.gz"), [], int.MaxValue, int.MaxValue, int.MaxValue) },
        { "validation-labels-idx1-ubyte", f => TinyDataset.WriteIdx(Path.Combine(f, "validation-labels-idx1-ubyte"), [.. Enumerable.Repeat((byte)3, 24)], 24) },
        { "labels.txt", f => File.WriteAllText(Path.Combine(f, "labels.txt"), "one\ntwo\n") },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Get_MissingOrDamagedFile_IsADatasetErrorThatNamesIt(string file, Action<string> damage)
    {
        TinyDataset.Write(_folder["data"]);
        damage(_folder["data"]);

        TrainingException exception = Should.Throw<TrainingException>(() => Decoded.Get(_folder["data"], "idx"));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain(Path.Combine(_folder["data"], file));
    }

    [Fact]
    public void Get_MissingFolder_IsADatasetError() =>
        Should.Throw<TrainingException>(() => Decoded.Get(_folder["none"], "idx")).Message.ShouldContain(_folder["none"]);

    [Theory]
    [InlineData("parquet")]
    [InlineData("")]
    public void Get_FormatOfLaterVersions_IsABadParameter(string format) =>
        Should.Throw<TrainingException>(() => Decoded.Get(_folder.Path, format)).Kind.ShouldBe(FailureKind.BadParameters);

    [Fact]
    public void Get_WholeFashionMnist_Works()
    {
        Assert.SkipUnless(Directory.Exists(Official), "the package dataset-fashion-mnist is not installed");

        LabelledDataset dataset = Decoded.Get(Official, "idx");
        using TestSplit test = Decoded.Test(Official, "idx", dataset.Labels);

        (dataset.Train.Count, dataset.Validation.Count, test.Split!.Count).ShouldBe((54_000, 6_000, 10_000));
        dataset.Validation.RowsByClass(10).ShouldAllBe(rows => rows.Count == 600);
        DatasetCache.Clear();
    }

    public void Dispose() => _folder.Dispose();

    private static void Cut(string path, double share)
    {
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(int)(bytes.Length * share)]);
    }

    private static void Flip(string path, double place)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[(int)(bytes.Length * place)] ^= 0xFF;
        File.WriteAllBytes(path, bytes);
    }
}
