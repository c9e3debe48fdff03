using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.Tests.Datasets;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly Preprocessing Small = new Preprocessing.Images(3, 8, null);
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder["data"];

    [Theory]
    [InlineData("train", "validation", "test")]
    [InlineData("Train", "val", "eval")]
    [InlineData("training", "valid", "testing")]
    public void Get_FoldersOfSplitsAndClasses_AreReadInTheOrderOfTheirNames(string train, string validation, string test)
    {
        Write(train, 3);
        Write(validation, 2);
        Write(test, 1);

        LabelledDataset dataset = Decoded.Get(Data, "image_folder", Small);
        using TestSplit tested = Decoded.Test(Data, "image_folder", dataset.Labels, Small);

        dataset.Labels.ShouldBe(["bag", "shoe", "test"]);
        (dataset.Train.Count, dataset.Validation.Count, tested.Split!.Count).ShouldBe((9, 6, 3));
        dataset.Train.Inputs.shape.ShouldBe([9, 3, 8, 8]);
        dataset.Train.Labels.data<long>().ToArray().ShouldBe([0, 0, 0, 1, 1, 1, 2, 2, 2]);
        dataset.Colour.ShouldBeTrue();
    }

    [Fact]
    public void Get_PixelsAndEndings_AreWhatTheFilesHold()
    {
        Pictures.Write(Path.Combine(Data, "train", "a", "1.PNG"[..1] + ".png"), 2, 2, (x, y) => (10, 20, 30));
        Pictures.Write(Path.Combine(Data, "train", "b", "2.png"), 2, 2, (x, y) => (x, y, 0));
        Pictures.Write(Path.Combine(Data, "train", "b", "3.jpeg"), 2, 2, (x, y) => (50, 50, 50));
        File.WriteAllText(Path.Combine(Data, "train", "b", "notes.txt"), "no image");
        File.WriteAllText(Path.Combine(Data, "train", "b", ".hidden.png"), "no image");
        Write("validation", 1, "a", "b");

        LabelledDataset dataset = Decoded.Get(Data, "image_folder", new Preprocessing.Images(null, 2, null));

        dataset.Train.Inputs.bytes[..24].ToArray().ShouldBe(new byte[] { 10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0 });
        dataset.Train.Count.ShouldBe(3);
    }

    [Fact]
    public void Get_WithoutSplits_CutsATenthOfEachClassOff()
    {
        foreach (string name in new[] { "cat", "dog" })
        {
            for (int i = 0; i < 20; i++)
            {
                Pictures.Noisy(Path.Combine(Data, name, $"{i}.png"), 8, (100, 0, 0), (ulong)i);
            }
        }

        LabelledDataset dataset = Decoded.Get(Data, "image_folder", Small);

        dataset.Validation.RowsByClass(2).Select(r => r.Count).ShouldBe([2, 2]);
        dataset.Train.RowsByClass(2).Select(r => r.Count).ShouldBe([18, 18]);
    }

    [Fact]
    public void Get_GreyModel_GetsOneChannelAndGreyImagesAreNoColours()
    {
        Pictures.Write(Path.Combine(Data, "train", "a", "1.png"), 8, 8, (_, _) => (9, 9, 9));
        Pictures.Write(Path.Combine(Data, "train", "b", "1.png"), 8, 8, (_, _) => (7, 7, 7));
        Write("validation", 1, "a", "b");

        LabelledDataset dataset = Decoded.Get(Data, "image_folder", new Preprocessing.Images(1, 8, null));

        dataset.Train.Inputs.shape.ShouldBe([2, 1, 8, 8]);
        dataset.Train.Inputs.bytes.ToArray().Distinct().ShouldBe([(byte)9, (byte)7]);
        dataset.Colour.ShouldBeFalse();
    }

    [Fact]
    public void Test_ImagesWithoutClasses_AreUnlabelled()
    {
        Write("train", 2);
        Pictures.Noisy(Path.Combine(Data, "test", "1.png"), 8, (1, 2, 3), 1);

        Decoded.Test(Data, "image_folder", ["bag", "shoe", "test"], Small).Missing.ShouldBe(TestSplit.Unlabelled);
        Directory.Delete(Path.Combine(Data, "test"), recursive: true);
        Decoded.Test(Data, "image_folder", ["bag", "shoe", "test"], Small).Missing.ShouldBe(TestSplit.None);
    }

    [Fact]
    public void Get_LabelsFile_OrdersTheClasses()
    {
        Write("train", 2);
        Write("validation", 1);
        File.WriteAllText(Path.Combine(Data, "labels.txt"), "shoe\ntest\nbag\nhat\n");

        LabelledDataset dataset = Decoded.Get(Data, "image_folder", Small);

        dataset.Labels.ShouldBe(["shoe", "test", "bag", "hat"]);
        dataset.Train.Labels.data<long>().ToArray().ShouldBe([2, 2, 0, 0, 1, 1]);
    }

    public static TheoryData<string, Action<string>> Damages => new()
    {
        { "train/bag/0.png", d => File.WriteAllText(Path.Combine(d, "train/bag/0.png"), "no image") },
        { "train/bag/0.png", d => File.WriteAllBytes(Path.Combine(d, "train/bag/0.png"), []) },
        { "validation/shoe/0.png", d => Cut(Path.Combine(d, "validation/shoe/0.png")) },
        { "validation/hat/0.png", d => Pictures.Noisy(Path.Combine(d, "validation/hat/0.png"), 8, (1, 2, 3), 1) },
        { "train/0.png", d => Pictures.Noisy(Path.Combine(d, "train/0.png"), 8, (1, 2, 3), 1) },
        { "train/bag/1.webp", d => Other(d, "train/bag/1.webp", "validation/bag/1.gif", "train/shoe/0.bmp") },
        { "validation/shoe/9.TIFF", d => Other(d, "validation/shoe/9.TIFF") },
        { "train/bag/a.heic", d => Other(d, "train/bag/a.heic") },
        { "test/bag/a.avif", d => Other(d, "test/bag/a.avif") },
        { "train/bag/more/0.png", d => Pictures.Noisy(Path.Combine(d, "train/bag/more/0.png"), 8, (1, 2, 3), 1) },
        { "labels.txt", d => File.WriteAllText(Path.Combine(d, "labels.txt"), "bag\nshoe\n") },
        { "labels.txt", d => File.WriteAllText(Path.Combine(d, "labels.txt"), "bag\nshoe\ntest\ntest\n") },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Get_Damage_IsADatasetErrorThatNamesTheFile(string file, Action<string> damage)
    {
        Write("train", 2);
        Write("validation", 2);
        damage(Data);

        TrainingException exception = Should.Throw<TrainingException>(() => Decoded.Get(Data, "image_folder", Small));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain(Path.Combine(Data, file));
    }

    [Theory]
    [InlineData("nothing here", "no PNG or JPEG image to train on")]
    [InlineData("validation", "no PNG or JPEG image to train on")]
    public void Get_NothingToTrainOn_SaysSo(string split, string message)
    {
        Directory.CreateDirectory(Data);
        if (split == "validation")
        {
            Write(split, 1);
        }

        Should.Throw<TrainingException>(() => Decoded.Get(Data, "image_folder", Small)).Message.ShouldContain(message);
    }

    [Fact]
    public void Get_SizesThatDiffer_NeedAnImageSize()
    {
        Write("train", 1, "a");
        Pictures.Noisy(Path.Combine(Data, "train", "b", "0.png"), 9, (1, 2, 3), 1);
        Write("validation", 1, "a");

        Should.Throw<TrainingException>(() => Decoded.Get(Data, "image_folder")).Message.ShouldContain("image_size makes them alike");
        Decoded.Get(Data, "image_folder", Small).Train.Count.ShouldBe(2);
    }

    [Fact]
    public void Get_LinkOutOfTheDataset_IsRefusedUnlessItsPlaceIsAllowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        Write("train", 2);
        Write("validation", 1);
        string outside = Pictures.Noisy(_folder["outside/1.png"], 8, (1, 2, 3), 1);
        File.CreateSymbolicLink(Path.Combine(Data, "train/bag/link.png"), "../../../outside/1.png");

        Should.Throw<TrainingException>(() => Decoded.Get(Data, "image_folder", Small)).Message.ShouldContain(Path.Combine(Data, "train/bag/link.png"));
        DatasetSource allowed = Decoded.Source(Data, "image_folder") with { Roots = [Path.GetDirectoryName(outside)!] };
        DatasetCache.Get(allowed, Small, static () => { }, CancellationToken.None).Train.Count.ShouldBe(7);

        File.Delete(Path.Combine(Data, "train/bag/link.png"));
        Directory.CreateSymbolicLink(Path.Combine(Data, "train/hat"), _folder["outside"]);
        Should.Throw<TrainingException>(() => Decoded.Get(Data, "image_folder", Small)).Message.ShouldContain("train/hat is a link");

        Directory.Delete(Path.Combine(Data, "train/hat"));
        Directory.CreateSymbolicLink(Path.Combine(Data, "train/hat"), Path.Combine(Data, "train/bag"));
        Decoded.Get(Data, "image_folder", Small).Labels.ShouldBe(["bag", "hat", "shoe", "test"]);
    }

    [Fact]
    public void Get_AnotherSplitToTrainOn_LeavesTrainOut()
    {
        Write("train", 2);
        Write("few", 1);
        Write("validation", 1);

        Decoded.Get(Data, "image_folder", Small, new DatasetOptions { Split = "few" }).Train.Count.ShouldBe(3);
        Should.Throw<TrainingException>(() => Decoded.Get(Data, "image_folder", Small, new DatasetOptions { Split = "none" })).Message.ShouldContain("in a split none");
    }

    public void Dispose() => _folder.Dispose();

    // A class may be called like a split.
    private void Write(string split, int each, params string[] classes)
    {
        foreach (string name in classes.Length > 0 ? classes : ["shoe", "test", "bag"])
        {
            for (int i = 0; i < each; i++)
            {
                Pictures.Noisy(Path.Combine(Data, split, name, $"{i}.png"), 8, (10 * name.Length, 100, 5), (ulong)i);
            }
        }
    }

    private static void Other(string data, params string[] names)
    {
        foreach (string path in names.Select(name => Path.Combine(data, name)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "of another format");
        }
    }

    private static void Cut(string path) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..60]);
}
