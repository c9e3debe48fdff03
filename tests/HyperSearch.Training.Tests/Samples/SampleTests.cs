using System.Diagnostics;
using System.Security.Cryptography;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Samples;

namespace HyperSearch.Training.Tests.Samples;

public sealed class SampleTests : IDisposable
{
    private const string Official = "/usr/share/datasets/fashion-mnist";
    private const int Pixels = 28 * 28;

    private static readonly string[] Splits = ["train", "validation", "t10k"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Samples_AreWhatTheirSumsSay()
    {
        string[] lines = File.ReadAllLines(Path.Combine(SampleCatalog.Folder, "SHA256SUMS"));

        foreach (string[] line in lines.Select(l => l.Split("  ")))
        {
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(SampleCatalog.Folder, line[1])))).ShouldBe(line[0], line[1]);
        }

        string[] summed = [.. lines.Select(l => l.Split("  ")[1]).Append("SHA256SUMS").Order(StringComparer.Ordinal)];
        Directory.GetFiles(SampleCatalog.Folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(SampleCatalog.Folder, f)).Order(StringComparer.Ordinal).ShouldBe(summed);
        Directory.GetFiles(SampleCatalog.Folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length).ShouldBeLessThan(4_000_000);
    }

    [Fact]
    public void Dataset_HasBalancedSplitsOfTenClasses()
    {
        LabelledDataset dataset = Decoded.Get(SampleCatalog.FashionMnistSample, "idx");
        using TestSplit test = Decoded.Test(SampleCatalog.FashionMnistSample, "idx", dataset.Labels);

        dataset.Labels.Length.ShouldBe(10);
        dataset.Train.RowsByClass(10).ShouldAllBe(rows => rows.Count == 50);
        dataset.Validation.RowsByClass(10).ShouldAllBe(rows => rows.Count == 100);
        test.Split!.RowsByClass(10).ShouldAllBe(rows => rows.Count == 100);
    }

    [Fact]
    public void Script_RunAgain_MakesTheSameBytesAndPretrainsOnNoneOfThem()
    {
        Assert.SkipUnless(Directory.Exists(Official), "the package dataset-fashion-mnist is not installed");
        Assert.SkipUnless(PythonIsThere(), "python3 is not installed");
        string script = Path.Combine(Root(), "src", "HyperSearch.Training", "Samples", "make_dataset.py");

        using Process python = Process.Start("python3", [script, "--out", _folder.Path, "--pretraining", _folder["pretraining"]]);
        python.WaitForExit(60_000).ShouldBeTrue();

        python.ExitCode.ShouldBe(0);
        foreach (string file in Directory.GetFiles(_folder["fashion-mnist-sample"]))
        {
            File.ReadAllBytes(file).ShouldBe(File.ReadAllBytes(Path.Combine(SampleCatalog.FashionMnistSample, Path.GetFileName(file))));
        }

        HashSet<string> pretraining = [.. Images(_folder["pretraining"], "train"), .. Images(_folder["pretraining"], "validation")];
        string[] sample = [.. Splits.SelectMany(split => Images(SampleCatalog.FashionMnistSample, split))];
        sample.Length.ShouldBe(2500);
        sample.Count(pretraining.Contains).ShouldBe(0);
    }

    [Fact]
    public void Pretrained_ThreeEpochs_BeatsTheSameFromScratch()
    {
        ParameterSet parameters = ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.LearningRate, 3e-3).With(HyperparameterCatalog.Epochs, 3);
        TrainingRequest request = new()
        {
            Family = ModelFamilyCatalog.Convnet,
            WeightsFolder = SampleCatalog.Convnet,
            Dataset = new() { Folder = SampleCatalog.FashionMnistSample },
            Parameters = parameters,
            Objective = new(),
            Seed = 1,
            FromEpoch = 0,
            ToEpoch = 3,
            CheckpointRoot = _folder["pretrained"],
        };
        RecordingObserver pretrained = new(), scratch = new();

        FineTuning.Train(request, pretrained, StopSignals.None);
        FineTuning.Train(request with { WeightsFolder = null, CheckpointRoot = _folder["scratch"] }, scratch, StopSignals.None);

        pretrained.Facts!.HeadKept.ShouldBeFalse();
        (pretrained.Facts.TrainExamples, pretrained.Facts.ValidationExamples).ShouldBe((500, 1000));
        pretrained.Reports[^1].ValLoss!.Value.ShouldBeLessThan(scratch.Reports[^1].ValLoss!.Value);
        pretrained.Reports[^1].ValAccuracy!.Value.ShouldBeGreaterThan(0.7);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Images(string folder, string split)
    {
        (_, byte[] bytes) = IdxFile.Read(Path.Combine(folder, $"{split}-images-idx3-ubyte.gz"), 3);
        return [.. bytes.Chunk(Pixels).Select(image => Convert.ToHexString(SHA256.HashData(image)))];
    }

    private static bool PythonIsThere() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "python3")));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HyperSearch.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
