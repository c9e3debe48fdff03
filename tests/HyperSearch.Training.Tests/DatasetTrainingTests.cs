using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.Tests.Datasets;

namespace HyperSearch.Training.Tests;

/// <summary>Whole trials on the formats beside IDX.</summary>
public sealed class DatasetTrainingTests : TrialFixture
{
    private static readonly (string Name, (int, int, int) Colour)[] classes = [("blue", (0, 0, 190)), ("green", (0, 190, 0)), ("red", (190, 0, 0))];

    [Fact]
    public void Train_ImageFolder_LearnsAndIsScoredOnItsTestSplit()
    {
        string data = WriteImages(16);
        TrainingRequest request = Request(Plain.With(HyperparameterCatalog.Epochs, 4)) with { Dataset = Data(data, "image_folder"), Augmentation = "light" };

        (TrainingResult result, RecordingObserver observer) = Train(request);
        string model = Path.Combine(result.Checkpoint!.Path, "best");
        EvaluationResult test = Score(request, model, ModelFamilyCatalog.Convnet);

        observer.Reports[^1].ValAccuracy.ShouldBe(1);
        (test.Value, test.Examples).ShouldBe((1.0, 9));
        File.ReadAllText(Path.Combine(model, "config.json")).ShouldContain("\"num_channels\": 3");
        ConfusionMatrix confusion = ConfusionMatrix.Read(model)!;
        confusion.Labels.ShouldBe(["blue", "green", "red"]);
        (confusion.Epoch, confusion.Examples).ShouldBe((4, 15));
        confusion.Matrix.Select(row => row.ToArray()).ShouldBe([[5, 0, 0], [0, 5, 0], [0, 0, 5]]);
    }

    [Fact]
    public void Train_GreyWeightsOnLargerColourImages_ResizesAndConverts()
    {
        string weights = InitialWeights(Plain);
        TrainingRequest request = Request(Plain) with { Dataset = Data(WriteImages(40), "image_folder"), WeightsFolder = weights };

        CheckpointFolder plain = Checkpoint(request);
        CheckpointFolder larger = Checkpoint(request with { CheckpointRoot = NewRoot(), Dataset = request.Dataset with { Options = new() { ImageSize = 24 } } });

        File.ReadAllText(Path.Combine(plain.Path, "best", "config.json")).ShouldContain("\"image_size\": 16");
        File.ReadAllText(Path.Combine(larger.Path, "best", "config.json")).ShouldContain("\"image_size\": 24");
        Score(request, Path.Combine(larger.Path, "best"), ModelFamilyCatalog.Convnet).Examples.ShouldBe(9);
    }

    [Fact]
    public void Train_ImageSizeWithACrop_IsScoredOnImagesMadeAlike()
    {
        string weights = InitialWeights(Plain), data = Folder["wide"];
        File.WriteAllText(Path.Combine(weights, "preprocessor_config.json"), """
            {"size": {"shortest_edge": 20}, "crop_size": {"height": 16, "width": 16}, "do_center_crop": true, "resample": 3, "image_mean": [0.5], "image_std": [0.5]}
            """);
        foreach (string path in new[] { "train/a/1", "train/b/1", "validation/a/1", "validation/b/1", "test/a/1", "test/b/1" })
        {
            Pictures.Write(Path.Combine(data, path + ".png"), 60, 30, (x, y) => path.Contains("/a/", StringComparison.Ordinal) ? (4 * x, 8 * y, 0) : (0, 4 * x, 8 * y));
        }

        TrainingRequest request = Request(Plain) with { Dataset = Data(data, "image_folder", new() { ImageSize = 12 }), WeightsFolder = weights };
        string exported = Path.Combine(Checkpoint(request).Path, "best");

        string Key(string folder) => Preprocessing.Of(ModelFamilyCatalog.Convnet, folder, request.Dataset.Options, request.Dataset.Format).Key;
        Key(weights).ShouldBe("images 1 12 15 bicubic");
        Key(exported).ShouldBe(Key(weights));
        Score(request, exported, ModelFamilyCatalog.Convnet).Examples.ShouldBe(2);
    }

    [Fact]
    public void Train_AurocOfAValidationSplitWithOneClass_IsRefusedAtTheStart()
    {
        string data = Folder["lopsided"];
        foreach (string path in new[] { "train/a/1", "train/b/1", "validation/b/1" })
        {
            Pictures.Noisy(Path.Combine(data, path + ".png"), 16, (9, 9, 9), 1);
        }

        TrainingRequest request = Request(Plain) with { Dataset = Data(data, "image_folder"), Objective = new() { Metric = "val_auroc", Maximize = true } };
        RecordingObserver observer = new();

        TrainingException exception = Should.Throw<TrainingException>(() => Train(request, observer));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldBe($"{data}: val_auroc needs examples of both classes in the validation split; none of its 1 is of class \"a\".");
        observer.Facts.ShouldBeNull();
        Train(request with { Objective = new() }).Observer.Reports[^1].ValAuroc.ShouldBeNull();
    }

    [Fact]
    public void Train_Csv_FineTunesAnEncoderAndResumesBitForBit()
    {
        using TinyTextModel model = new();
        File.WriteAllText(Path.Combine(model.Weights, "added_tokens.json"), """{"fox-like": 40}""");
        string data = Directory.CreateDirectory(Folder["texts"]).FullName;
        File.WriteAllText(Path.Combine(data, "train.csv"), "text,label,author\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"{(i % 2 == 0 ? "red fox" : "blue big")} {i % 10},{(i % 2 == 0 ? "warm" : "cold")},a{i / 4}\n")));
        File.WriteAllText(Path.Combine(data, "test.csv"), "text,label\nred 1,warm\nbig blue 3,cold\n");
        ParameterSet parameters = ModelFamilyCatalog.Bert.Defaults.With(HyperparameterCatalog.LearningRate, 3e-3).With(HyperparameterCatalog.Epochs, 3).With(HyperparameterCatalog.BatchSize, 8);
        TrainingRequest request = Request(parameters) with
        {
            Family = model.Family,
            WeightsFolder = model.Weights,
            Dataset = Data(data, "csv", new() { GroupColumn = "author", MaxLength = 16 }),
            Objective = new() { Metric = "val_auroc", Maximize = true },
            ClassWeights = "balanced",
        };

        (TrainingResult whole, RecordingObserver observer) = Train(request);
        CheckpointFolder cut = Checkpoint(request with { CheckpointRoot = NewRoot(), ToEpoch = 1 });
        CheckpointFolder resumed = Checkpoint(request with { CheckpointRoot = NewRoot(), FromEpoch = 1, ResumeFolder = cut.Path });
        string exported = Path.Combine(resumed.Path, "best");

        observer.Reports[^1].ValAuroc.ShouldBe(1);
        resumed.Hash.ShouldBe(whole.Checkpoint!.Hash);
        File.Exists(Path.Combine(exported, "vocab.txt")).ShouldBeTrue();
        File.Exists(Path.Combine(exported, "added_tokens.json")).ShouldBeTrue();
        Score(request, exported, model.Family).Value.ShouldBe(1);
    }

    [Fact]
    public void Train_DecodedOnce_EndsAsWithAColdCache()
    {
        // Another test may have left equal images mapped.
        DatasetCache.Clear();
        TrainingRequest request = Request(Plain) with { Dataset = Data(WriteImages(16), "image_folder"), Augmentation = "light" };
        string cold = Checkpoint(request).Hash;
        DatasetCache.Clear();
        string[] entries = Directory.GetDirectories(request.Dataset.CacheFolder);

        Checkpoint(request with { CheckpointRoot = NewRoot() }).Hash.ShouldBe(cold);

        Directory.GetDirectories(request.Dataset.CacheFolder).ShouldBe(entries);
        entries.Length.ShouldBe(1);
    }

    [Fact]
    public void Train_StoppedWhileDecoding_EndsThereWithoutAReport()
    {
        using CancellationTokenSource stop = new();
        TrainingRequest request = Request(Plain) with { Dataset = Data(WriteImages(18), "image_folder") };
        RecordingObserver observer = new() { OnPreparing = stop.Cancel };

        TrainingResult result = FineTuning.Train(request, observer, new StopSignals { Now = stop.Token });

        (result.End, result.ReachedEpoch, observer.Reports.Count, observer.Facts).ShouldBe((TrainingEnd.StoppedNow, 0, 0, null));
        Train(request).Observer.Reports.Count.ShouldBe(2);
    }

    [Fact]
    public void Train_BestEpochBeforeTheCut_KeepsItsConfusionMatrix()
    {
        TrainingRequest request = Request(Plain.With(HyperparameterCatalog.Epochs, 4)) with { CheckpointIntervalSeconds = 0, Objective = new() };
        (TrainingResult whole, RecordingObserver observer) = Train(request);
        int best = observer.Reports.MinBy(r => r.ValLoss)!.Epoch;

        ConfusionMatrix.Read(Path.Combine(whole.Checkpoint!.Path, "best"))!.Epoch.ShouldBe(best);
        foreach (CheckpointFolder checkpoint in observer.Checkpoints.Where(c => c.Epoch < 4))
        {
            TrainingRequest resume = request with { CheckpointRoot = NewRoot(), FromEpoch = checkpoint.Epoch, ResumeFolder = checkpoint.Path };
            Checkpoint(resume).Hash.ShouldBe(whole.Checkpoint.Hash);
        }
    }

    [Fact]
    public void Train_EveryEpoch_TellsHowLongItWaitedForData()
    {
        WaitingObserver observer = new();
        FineTuning.Train(Request(Plain), observer, StopSignals.None);

        observer.Epochs.ShouldBe([1, 2]);
        observer.Shares.ShouldAllBe(share => share >= 0 && share <= 1);
    }

    private static EvaluationResult Score(TrainingRequest trained, string model, ModelFamily family) => FineTuning.Evaluate(
        new EvaluationRequest
        {
            Family = family,
            ModelFolder = model,
            Dataset = trained.Dataset,
            Metric = trained.Objective.Metric == "val_auroc" ? "val_auroc" : "val_accuracy",
        },
        CancellationToken.None);

    private string WriteImages(int side)
    {
        string data = Folder[$"images-{side}"];
        ulong seed = 0;
        foreach ((string split, int each) in new[] { ("train", 12), ("validation", 5), ("test", 3) })
        {
            foreach ((string name, (int, int, int) colour) in classes)
            {
                for (int i = 0; i < each; i++)
                {
                    Pictures.Noisy(Path.Combine(data, split, name, $"{i}.{(i % 2 == 0 ? "png" : "jpg")}"), side, colour, ++seed);
                }
            }
        }

        return data;
    }

    private sealed class WaitingObserver : ITrainingObserver
    {
        public List<int> Epochs { get; } = [];

        public List<double> Shares { get; } = [];

        public void Started(TrainingFacts facts)
        {
        }

        public void Reported(EpochReport report)
        {
        }

        public void CheckpointWritten(CheckpointFolder checkpoint)
        {
        }

        public void BatchFinished()
        {
        }

        public void DataWaited(int epoch, TimeSpan waited, TimeSpan trained)
        {
            Epochs.Add(epoch);
            Shares.Add(waited / trained);
        }
    }
}
