using System.Text.Json.Nodes;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Training.Samples;

namespace HyperSearch.Training.Tests.FrozenPrefix;

public sealed class PrefixCacheTests : TrialFixture
{
    private static readonly ParameterSet Head = Plain.With(HyperparameterCatalog.FrozenBlocks, 4).With(HyperparameterCatalog.Epochs, 3).With(HyperparameterCatalog.Dropout, 0.2);

    private string Weights => _weights ??= InitialWeights(Plain);

    private string? _weights;

    [Theory]
    [InlineData(4, 0)]
    [InlineData(2, 0)]
    [InlineData(4, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 0, Precisions.Bf16)]
    [InlineData(4, 2, Precisions.Bf16)]
    public void Train_FrozenBlocks_EndsAsWithoutTheCacheBitForBit(int frozen, int unfreezeEvery, string precision = Precisions.Fp32)
    {
        ParameterSet parameters = Head.With(HyperparameterCatalog.FrozenBlocks, frozen).With(HyperparameterCatalog.UnfreezeEvery, unfreezeEvery).With(HyperparameterCatalog.Epochs, 4);
        TrainingRequest request = Pretrained(parameters) with { Precision = precision };
        var (with, reportsWith) = Train(request);
        var (without, reportsWithout) = Train(request with { KeepsFeatures = false, CheckpointRoot = NewRoot() });

        Entries.ShouldBe(unfreezeEvery > 0 && frozen > 1 ? 4 : 2);
        Best(with).ShouldBe(Best(without));
        reportsWith.Reports.Select(r => (r.ValLoss, r.ValAccuracy, r.TrainValue, r.FitLoss)).ShouldBe(reportsWithout.Reports.Select(r => (r.ValLoss, r.ValAccuracy, r.TrainValue, r.FitLoss)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(4, Precisions.Bf16)]
    [InlineData(2, Precisions.Bf16)]
    public void Train_FrozenBlocksOfTheSample_EndsAsWithoutTheCache(int frozen, string precision = Precisions.Fp32)
    {
        TrainingRequest request = Request(Parameters((HyperparameterCatalog.FrozenBlocks, frozen), (HyperparameterCatalog.Epochs, 2))) with
        {
            WeightsFolder = SampleCatalog.Convnet,
            Dataset = Data(SampleCatalog.FashionMnistSample),
            Precision = precision,
        };
        TrainingResult with = Train(request).Result;
        TrainingResult without = Train(request with { KeepsFeatures = false, CheckpointRoot = NewRoot() }).Result;

        Entries.ShouldBe(2);
        Best(with).ShouldBe(Best(without));
    }

    [Fact]
    public void Train_CutAndResumed_EndsAsTheWholeTrial()
    {
        TrainingRequest whole = Pretrained(Head);
        TrainingResult first = Train(whole with { ToEpoch = 1, CheckpointRoot = NewRoot() }).Result;
        Directory.Delete(Folder["cache"], recursive: true);
        TrainingResult rest = Train(whole with { FromEpoch = 1, ResumeFolder = first.Checkpoint!.Path, CheckpointRoot = NewRoot() }).Result;
        Best(rest).ShouldBe(Best(Train(whole).Result));
    }

    [Fact]
    public void Train_OtherTrialOfTheSameDepth_ComputesNothingAgain()
    {
        Train(Pretrained(Head));
        DateTime[] written = [.. Features.Select(File.GetLastWriteTimeUtc)];
        Train(Pretrained(Head.With(HyperparameterCatalog.LearningRate, 0.01).With(HyperparameterCatalog.BatchSize, 4)) with { Seed = 8 });
        written.Length.ShouldBe(2);
        Features.Select(File.GetLastWriteTimeUtc).ShouldBe(written);
    }

    [Fact]
    public void Train_AnotherPartOfTheKey_ComputesAnew()
    {
        TrainingRequest request = Pretrained(Head);
        Train(request);
        Entries.ShouldBe(2);
        Train(request with { CheckpointRoot = NewRoot(), Parameters = Head.With(HyperparameterCatalog.FrozenBlocks, 3) });
        Entries.ShouldBe(4);
        Train(request with { CheckpointRoot = NewRoot(), MaxTrainExamples = 20 });
        Entries.ShouldBe(5);
        Train(request with { CheckpointRoot = NewRoot(), WeightsFolder = Train(Request(Plain) with { Seed = 9 }).Result.Checkpoint!.Path + "/best" });
        Entries.ShouldBe(7);
        Train(request with { CheckpointRoot = NewRoot(), Dataset = Data(TinyDataset.Write(Folder["other"], train: 44)) });
        Entries.ShouldBe(9);
        Train(request with { CheckpointRoot = NewRoot(), Precision = Precisions.Bf16 });
        Entries.ShouldBe(11);
        Train(request with { CheckpointRoot = NewRoot(), MicroBatch = 3 });
        Entries.ShouldBe(13);
        Train(request with { CheckpointRoot = NewRoot(), Threads = 2 });
        Entries.ShouldBe(15);
        Train(request with { CheckpointRoot = NewRoot(), Dataset = Data(Dataset, options: new() { ImageSize = 12 }) });
        Entries.ShouldBe(17);
    }

    [Fact]
    public void Train_SameTextsInOtherPieces_ComputesAnew()
    {
        using TinyTextModel model = new();
        string data = model.Folder["texts.jsonl"], vocabulary = Path.Combine(model.Weights, "vocab.txt");
        File.WriteAllLines(data, Enumerable.Range(0, 40).Select(i => $"{{\"text\": \"red fox {i % 10}\", \"label\": {i % 3}}}"));
        TrainingRequest request = Request(Head.With(HyperparameterCatalog.FrozenBlocks, 3)) with { Family = model.Family, WeightsFolder = model.Weights, Dataset = Data(data, "jsonl") };
        Train(request);
        Entries.ShouldBe(2);

        File.WriteAllText(vocabulary, File.ReadAllText(vocabulary).Replace("red\nblue", "blue\nred", StringComparison.Ordinal));
        Train(request with { CheckpointRoot = NewRoot() });

        Entries.ShouldBe(4);
    }

    [Fact]
    public void Train_SplitsOfEqualSize_AreNotTakenForEachOther()
    {
        TrainingRequest request = Pretrained(Head) with { Dataset = Data(TinyDataset.Write(Folder["equal"], train: 24, validation: 24)) };

        var (with, reportsWith) = Train(request);
        var (without, reportsWithout) = Train(request with { KeepsFeatures = false, CheckpointRoot = NewRoot() });

        Entries.ShouldBe(2);
        Best(with).ShouldBe(Best(without));
        reportsWith.TimelessReports.ShouldBe(reportsWithout.TimelessReports);
    }

    [Fact]
    public void Train_SameWeightsWithAnotherConfiguration_ComputesAnew()
    {
        Train(Pretrained(Head));
        Entries.ShouldBe(2);
        string config = Path.Combine(Weights, "config.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(config))!;
        json["image_mean"] = new JsonArray(0.9);
        File.WriteAllText(config, json.ToJsonString());

        Train(Pretrained(Head));

        Entries.ShouldBe(4);
    }

    [Fact]
    public void Train_OtherColumnsOfTheSameFile_ComputesAnew()
    {
        using TinyTextModel model = new();
        string[] lines = [.. Enumerable.Range(0, 40).Select(i => $"{{\"question\": \"red fox {i % 10}\", \"passage\": \"blue fox {i % 7}\", \"label\": {i % 3}}}")];
        string data = model.Folder["pairs.jsonl"];
        File.WriteAllLines(data, lines);
        TrainingRequest request = Request(Head.With(HyperparameterCatalog.FrozenBlocks, 3)) with
        {
            Family = model.Family,
            WeightsFolder = model.Weights,
            Dataset = Data(data, "jsonl", new() { TextColumn = "question" }),
        };
        Train(request);
        Entries.ShouldBe(2);

        Train(request with { CheckpointRoot = NewRoot(), Dataset = Data(data, "jsonl", new() { TextColumn = "question", TextPairColumn = "passage" }) });

        Entries.ShouldBe(4);
    }

    [Fact]
    public void Train_AugmentedImages_KeepsOnlyWhatIsScored()
    {
        Train(Pretrained(Head) with { Augmentation = "light" });
        Entries.ShouldBe(1);
    }

    [Fact]
    public void Train_OneEpochOrNothingFrozenOrFromScratch_KeepsNothing()
    {
        Train(Pretrained(Head.With(HyperparameterCatalog.Epochs, 1)));
        Train(Pretrained(Head.With(HyperparameterCatalog.FrozenBlocks, 0)));
        Train(Request(Head));
        Entries.ShouldBe(0);
    }

    [Fact]
    public void Train_FeaturesTooLargeForTheCache_KeepsNothingAndEndsAlike()
    {
        TrainingRequest request = Pretrained(Head.With(HyperparameterCatalog.FrozenBlocks, 1));
        TrainingResult kept = Train(request).Result;
        Entries.ShouldBe(2);
        Directory.Delete(Folder["cache"], recursive: true);
        TrainingResult without = Train(request with { CheckpointRoot = NewRoot(), Dataset = request.Dataset with { CacheBytes = 200_000 } }).Result;
        Entries.ShouldBe(0);
        Best(without).ShouldBe(Best(kept));
    }

    [Fact]
    public void Train_DamagedFeatures_AreComputedAnew()
    {
        TrainingRequest request = Pretrained(Head);
        TrainingResult first = Train(request).Result;
        foreach (string file in Features)
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 0xFF;
            File.WriteAllBytes(file, bytes);
        }

        Best(Train(request with { CheckpointRoot = NewRoot() }).Result).ShouldBe(Best(first));
    }

    private string[] Features => !Directory.Exists(Folder["cache"]) ? [] : [.. Directory.EnumerateFiles(Folder["cache"], "features", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private int Entries => Features.Length;

    private static byte[] Best(TrainingResult result) => File.ReadAllBytes(Path.Combine(result.Checkpoint!.Path, "best", "model.safetensors"));

    private TrainingRequest Pretrained(ParameterSet parameters) => Request(parameters) with { WeightsFolder = Weights };
}
