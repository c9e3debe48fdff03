using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Safetensors;
using HyperSearch.Training.Samples;
using TorchSharp;

namespace HyperSearch.Training.Tests;

public sealed class FineTuningTests : TrialFixture
{
    public static TheoryData<string, ParameterSet> Trials => new()
    {
        { "adamw", Four(Plain.With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.AdamW).With(HyperparameterCatalog.LearningRate, 0.01)) },
        { "sgd with momentum", Four(Plain.With(HyperparameterCatalog.Momentum, 0.9)) },
        { "one_cycle", Four(Plain.With(HyperparameterCatalog.LrSchedule, (int)LearningRateScheduleKind.OneCycle)) },
        { "cosine, warm-up", Four(Plain.With(HyperparameterCatalog.LrSchedule, (int)LearningRateScheduleKind.Cosine).With(HyperparameterCatalog.WarmupRatio, 0.4)) },
        { "bf16, thawing, dropout", Four(Plain.With(HyperparameterCatalog.FrozenBlocks, 3).With(HyperparameterCatalog.UnfreezeEvery, 2).With(HyperparameterCatalog.Dropout, 0.2)) },
        { "thawing", Four(Plain.With(HyperparameterCatalog.FrozenBlocks, 3).With(HyperparameterCatalog.UnfreezeEvery, 2).With(HyperparameterCatalog.Momentum, 0.5)) },
    };

    [Theory]
    [MemberData(nameof(Trials))]
    public void Train_CutOnceAtEachEpoch_EndsBitIdenticalToTheUncutTrial(string what, ParameterSet parameters)
    {
        bool bf16 = what.StartsWith(Precisions.Bf16, StringComparison.Ordinal);

        // The rate is high enough that the best epoch need not be the last: its weights must be carried over.
        TrainingRequest request = Request(parameters) with
        {
            Objective = new() { Metric = "val_accuracy", Maximize = true },
            Augmentation = "light",
            ClassWeights = "balanced",
            MaxGradNorm = 2,
            MicroBatch = bf16 ? 5 : null,
            Precision = bf16 ? Precisions.Bf16 : Precisions.Fp32,
        };
        (TrainingResult whole, RecordingObserver wholeObserver) = Train(request);
        for (int cut = 1; cut < 4; cut++)
        {
            RecordingObserver observer = new();
            CheckpointFolder middle = Train(request with { CheckpointRoot = NewRoot(), ToEpoch = cut }, observer).Result.Checkpoint!;
            TrainingResult end = Train(request with { CheckpointRoot = NewRoot(), FromEpoch = cut, ResumeFolder = middle.Path }, observer).Result;

            observer.TimelessReports.ShouldBe(wholeObserver.TimelessReports, what);
            end.Checkpoint!.Hash.ShouldBe(whole.Checkpoint!.Hash, $"{what}, cut at {cut}");
        }
    }

    [Theory]
    [InlineData("val_loss")]
    [InlineData("val_accuracy")]
    [InlineData("val_balanced_accuracy")]
    [InlineData("val_macro_f1")]
    [InlineData("val_loss", Precisions.Bf16)]
    public void Evaluate_ExportedModel_GivesTheReportedValidationValue(string metric, string precision = Precisions.Fp32)
    {
        // The test split is the validation split here.
        foreach (string file in Directory.GetFiles(Dataset, "validation-*"))
        {
            File.Copy(file, file.Replace("validation", "t10k", StringComparison.Ordinal), overwrite: true);
        }

        TrainingRequest request = Request(Four(Plain)) with { Objective = new() { Metric = metric, Maximize = metric != "val_loss" }, Precision = precision };
        (TrainingResult result, RecordingObserver observer) = Train(request);

        EvaluationResult test = Evaluate(Path.Combine(result.Checkpoint!.Path, "best"), metric, precision);

        double?[] values = [.. observer.Reports.Select(request.Objective.Of)];
        test.Value.ShouldBe(metric == "val_loss" ? values.Min() : values.Max());
        test.Examples.ShouldBe(24);
        test.StandardError.ShouldNotBeNull();
    }

    [Fact]
    public void Train_LastEpochAsSummary_ExportsTheLastEpoch()
    {
        (TrainingResult result, RecordingObserver observer) = Train(Request(Four(Plain)));
        foreach (string file in Directory.GetFiles(Dataset, "validation-*"))
        {
            File.Copy(file, file.Replace("validation", "t10k", StringComparison.Ordinal), overwrite: true);
        }

        Evaluate(Path.Combine(result.Checkpoint!.Path, "best"), "val_loss").Value.ShouldBe(observer.Reports[^1].ValLoss);
    }

    [Fact]
    public void Train_TwoClasses_ReportsTheAreaUnderTheCurve()
    {
        Dataset = TinyDataset.Write(Folder["two"], classes: 2);

        RecordingObserver observer = Train(Request(Four(Plain)) with { Objective = new() { Metric = "val_auroc", Maximize = true } }).Observer;

        observer.Reports.ShouldAllBe(r => r.ValAuroc >= 0 && r.ValAuroc <= 1 && r.TrainValue >= 0 && r.TrainValue <= 1);
        observer.Reports[^1].ValAuroc!.Value.ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void Train_SameData_LearnsIt()
    {
        EpochReport last = Train(Request(Four(Plain.With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.AdamW).With(HyperparameterCatalog.LearningRate, 0.01)))).Observer.Reports[^1];

        last.ValAccuracy!.Value.ShouldBeGreaterThan(0.9);
        last.FitLoss!.Value.ShouldBeLessThan(0.5);
    }

    [Fact]
    public void Train_Bf16OnTheSample_ReachesTheLossOfFloat32WithFloat32Weights()
    {
        TrainingRequest request = Request(Parameters((HyperparameterCatalog.LearningRate, 3e-3), (HyperparameterCatalog.Epochs, 3))) with
        {
            WeightsFolder = SampleCatalog.Convnet,
            Dataset = Data(SampleCatalog.FashionMnistSample),
        };
        EpochReport whole = Train(request).Observer.Reports[^1];

        (TrainingResult result, RecordingObserver observer) = Train(request with { Precision = Precisions.Bf16, CheckpointRoot = NewRoot() });

        EpochReport reduced = observer.Reports[^1];
        reduced.ValLoss.ShouldNotBe(whole.ValLoss);
        reduced.ValLoss!.Value.ShouldBe(whole.ValLoss!.Value, 0.05 * whole.ValLoss.Value);
        reduced.FitLoss!.Value.ShouldBe(whole.FitLoss!.Value, 0.05 * whole.FitLoss.Value);
        foreach (string file in Directory.GetFiles(result.Checkpoint!.Path, "*.safetensors", SearchOption.AllDirectories))
        {
            using SafetensorsFile tensors = SafetensorsFile.Open(file);
            tensors.Names.Select(n => tensors.Find(n)!.Type).ShouldAllBe(t => t == "F32");
        }

        File.ReadAllText(Path.Combine(result.Checkpoint.Path, "best", "README.md")).ShouldContain("bf16");
    }

    [Theory]
    [InlineData(0, new[] { 1, 2, 3, 4 })]
    [InlineData(20, new[] { 1, 3, 4 })]
    [InlineData(1000, new[] { 1, 4 })]
    public void Train_CheckpointInterval_IsKeptBetweenFirstEpochAndEnd(double interval, int[] epochs)
    {
        FakeClock clock = new();
        RecordingObserver observer = new() { OnReport = _ => clock.Advance(TimeSpan.FromSeconds(15)) };

        FineTuning.Train(Request(Four(Plain)) with { CheckpointIntervalSeconds = interval }, observer, StopSignals.None, clock);

        observer.Checkpoints.Select(c => c.Epoch).ShouldBe(epochs);
    }

    [Fact]
    public void Train_Checkpoint_IsANamedFolderWithoutTemporaries()
    {
        TrainingRequest request = Request(Plain) with { CheckpointIntervalSeconds = 0 };

        CheckpointFolder checkpoint = Checkpoint(request);

        checkpoint.Path.ShouldBe(Path.Combine(request.CheckpointRoot, "2"));
        CheckpointFolder.Open(checkpoint.Path).ShouldBe(checkpoint);
        Directory.GetDirectories(request.CheckpointRoot).Select(Path.GetFileName).Order().ShouldBe(["1", "2"]);
        Directory.GetFiles(checkpoint.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(checkpoint.Path, f)).Order(StringComparer.Ordinal)
            .ShouldBe(["best/README.md", "best/config.json", "best/confusion_matrix.json", "best/model.safetensors", "last/state.json", "last/state.safetensors"]);
        string card = File.ReadAllText(Path.Combine(checkpoint.Path, "best", "README.md"));
        card.ShouldContain("| learning_rate | 0.1 |");
        card.ShouldContain("| val_loss | 0.");
    }

    [Fact]
    public void Train_StopNow_EndsAtTheNextBatchWithTheLastCheckpoint()
    {
        using CancellationTokenSource now = new();
        RecordingObserver observer = new() { OnBatch = batch => Cancel(now, batch == 9) };

        TrainingResult result = FineTuning.Train(Request(Four(Plain)), observer, new() { Now = now.Token }, null);

        // Epoch 1: five steps, one validation batch, one sample batch; then two steps.
        observer.Batches.ShouldBe(9);
        (result.End, result.ReachedEpoch, result.Checkpoint!.Epoch).ShouldBe((TrainingEnd.StoppedNow, 1, 1));
    }

    [Fact]
    public void Train_StopBeforeTheFirstBatch_HasNoCheckpoint()
    {
        TrainingResult result = FineTuning.Train(Request(Plain), new RecordingObserver(), new() { Now = new(canceled: true) });

        (result.End, result.ReachedEpoch, result.Checkpoint).ShouldBe((TrainingEnd.StoppedNow, 0, null));
    }

    [Fact]
    public void Train_StopAtEpochEnd_WritesThatEpochsCheckpoint()
    {
        using CancellationTokenSource atEnd = new();
        RecordingObserver observer = new() { OnBatch = batch => Cancel(atEnd, batch == 9) };

        TrainingResult result = FineTuning.Train(Request(Four(Plain)), observer, new() { AtEpochEnd = atEnd.Token });

        (result.End, result.ReachedEpoch, result.Checkpoint!.Epoch).ShouldBe((TrainingEnd.StoppedAtEpoch, 2, 2));
    }

    [Fact]
    public void Train_NoImprovement_StopsEarlyAlsoAfterAResume()
    {
        // A rate of next to nothing never improves the accuracy of the first epoch.
        ParameterSet idle = Plain.With(HyperparameterCatalog.Epochs, 9).With(HyperparameterCatalog.LearningRate, 1e-30).With(HyperparameterCatalog.FrozenBlocks, 4);
        TrainingRequest request = Request(idle) with { EarlyStoppingPatience = 3, Objective = new() { Metric = "val_accuracy", Maximize = true } };

        TrainingResult whole = Train(request).Result;
        CheckpointFolder cut = Checkpoint(request with { CheckpointRoot = NewRoot(), ToEpoch = 2 });
        TrainingResult resumed = Train(request with { CheckpointRoot = NewRoot(), FromEpoch = 2, ResumeFolder = cut.Path }).Result;

        (whole.End, whole.ReachedEpoch, whole.Checkpoint!.Epoch).ShouldBe((TrainingEnd.EarlyStopped, 4, 4));
        (resumed.End, resumed.ReachedEpoch, resumed.Checkpoint!.Hash).ShouldBe((TrainingEnd.EarlyStopped, 4, whole.Checkpoint.Hash));
    }

    [Fact]
    public void Train_LossNotFinite_EndsAsDivergedWithTheEpoch()
    {
        (TrainingResult result, RecordingObserver observer) = Train(Request(Four(Plain.With(HyperparameterCatalog.LearningRate, 1e30))));

        result.End.ShouldBe(TrainingEnd.Diverged);
        result.DivergedEpoch.ShouldBe(result.ReachedEpoch + 1);
        observer.Reports.Count.ShouldBe(result.ReachedEpoch);
    }

    [Fact]
    public void Train_CheckpointRootIsAFile_FailsAndNamesIt()
    {
        File.WriteAllText(Folder["file"], "");

        IOException exception = Should.Throw<IOException>(() => Train(Request(Plain) with { CheckpointRoot = Folder["file"] }));

        exception.Message.ShouldContain(Folder["file"]);
    }

    [Fact]
    public void Evaluate_NoOrUnlabelledTestSplit_SaysSo()
    {
        string model = Path.Combine(Checkpoint(Request(Plain)).Path, "best");

        File.Delete(Path.Combine(Dataset, "t10k-labels-idx1-ubyte"));
        Evaluate(model, "val_loss").ShouldBe(new() { Missing = "test split is unlabelled" });
        File.Delete(Path.Combine(Dataset, "t10k-images-idx3-ubyte.gz"));
        Evaluate(model, "val_loss").ShouldBe(new() { Missing = "dataset has no test split" });
    }

    [Fact]
    public void Evaluate_AreaUnderTheCurveOfThreeClasses_IsMissing() =>
        Evaluate(Path.Combine(Checkpoint(Request(Plain)).Path, "best"), "val_auroc").Missing.ShouldNotBeNull();

    [Fact]
    public void Train_ChangedDataOrWeights_RefusesTheCheckpoint()
    {
        string weights = InitialWeights(Plain);
        TrainingRequest request = Request(Plain) with { WeightsFolder = weights };
        CheckpointFolder checkpoint = Checkpoint(request with { ToEpoch = 1 });
        TrainingRequest resume = request with { FromEpoch = 1, ResumeFolder = checkpoint.Path };

        Should.Throw<TrainingException>(() => Train(resume with { Seed = 9 })).Kind.ShouldBe(FailureKind.Internal);
        Should.Throw<TrainingException>(() => Train(resume with { ResumeFolder = Folder["none"] })).Message.ShouldContain(Folder["none"]);
        Should.Throw<TrainingException>(() => Train(resume with { WeightsFolder = Path.Combine(checkpoint.Path, "best") })).Message.ShouldContain("changed since the checkpoint");
        TinyDataset.Write(Dataset, train: 41);
        Should.Throw<TrainingException>(() => Train(resume)).Message.ShouldContain("changed since the checkpoint");
    }

    public static TheoryData<string, Func<TrainingRequest, TrainingRequest>> Untrainable => new()
    {
        { "fp8", r => r with { Precision = "fp8" } },
        { "csv", r => r with { Dataset = r.Dataset with { Format = "csv" } } },
        { "bert", r => r with { Family = ModelFamilyCatalog.Convnet with { Name = "bert" } } },
        { "frozen_blocks", r => r with { Parameters = r.Parameters.With(HyperparameterCatalog.FrozenBlocks, 5) } },
        { "dropout", r => r with { Parameters = r.Parameters.With(HyperparameterCatalog.Dropout, 1) } },
        { "augmentation", r => r with { Augmentation = "heavy" } },
        { "class weights", r => r with { ClassWeights = "heavy" } },
        { "val_auroc", r => r with { Objective = new() { Metric = "val_auroc" } } },
        { "test_loss", r => r with { Objective = new() { Metric = "test_loss" } } },
        { "micro-batch", r => r with { MicroBatch = 0 } },
    };

    [Theory]
    [MemberData(nameof(Untrainable))]
    public void Train_WhatThisVersionCannot_IsABadParameterThatNamesIt(string named, Func<TrainingRequest, TrainingRequest> change)
    {
        TrainingException exception = Should.Throw<TrainingException>(() => Train(change(Request(Plain))));

        exception.Kind.ShouldBe(FailureKind.BadParameters);
        exception.Message.ShouldContain(named);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(-1, 1)]
    [InlineData(1, 2)]
    public void Train_NoSegmentOfTheTrial_Throws(int from, int to) =>
        Should.Throw<ArgumentException>(() => Train(Request(Plain) with { FromEpoch = from, ToEpoch = to }));

    [Fact]
    public void Translate_RefusedAllocation_IsOutOfMemory()
    {
        var native = Should.Throw<System.Runtime.InteropServices.ExternalException>(() => torch.zeros(1L << 50));
        var other = Should.Throw<System.Runtime.InteropServices.ExternalException>(() => torch.zeros(2, 3).mm(torch.zeros(2, 3)));

        TorchRuntime.Translate(native).Kind.ShouldBe(FailureKind.OutOfMemory);
        TorchRuntime.Translate(other).Kind.ShouldBe(FailureKind.Internal);
    }

    private EvaluationResult Evaluate(string model, string metric, string precision = Precisions.Fp32) => FineTuning.Evaluate(
        new() { Family = ModelFamilyCatalog.Convnet, ModelFolder = model, Dataset = Data(Dataset), Metric = metric, Precision = precision }, CancellationToken.None);

    private static ParameterSet Four(ParameterSet parameters) => parameters.With(HyperparameterCatalog.Epochs, 4);

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }
}
