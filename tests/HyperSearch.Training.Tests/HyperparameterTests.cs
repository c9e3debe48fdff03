using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Tests;

/// <summary>Each hyperparameter acts: the tests fail if it does not.</summary>
public sealed class HyperparameterTests : TrialFixture
{
    private const string Conv = "blocks.1.conv.weight";

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.03)]
    public void LearningRate_OneSgdStep_MovesInProportion(double rate)
    {
        ParameterSet oneStep = Plain.With(HyperparameterCatalog.Epochs, 1).With(HyperparameterCatalog.BatchSize, 40);
        float[] start = Values(Path.Combine(InitialWeights(oneStep), "model.safetensors"), Conv);

        double[] small = Move(oneStep.With(HyperparameterCatalog.LearningRate, 0.001), start);
        double[] large = Move(oneStep.With(HyperparameterCatalog.LearningRate, rate), start);

        small.Max(Math.Abs).ShouldBeGreaterThan(1e-7);
        (Norm(large) / Norm(small)).ShouldBe(rate / 0.001, rate / 0.001 * 0.01);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.004)]
    public void LearningRate_OneAdamWStep_HasTheSizeOfTheRate(double rate)
    {
        ParameterSet oneStep = Plain.With(HyperparameterCatalog.Epochs, 1).With(HyperparameterCatalog.BatchSize, 40)
            .With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.AdamW).With(HyperparameterCatalog.LearningRate, rate);
        float[] start = Values(Path.Combine(InitialWeights(oneStep), "model.safetensors"), Conv);

        double[] moved = [.. Move(oneStep, start).Select(Math.Abs).Order()];

        moved[moved.Length / 2].ShouldBe(rate, rate * 0.01);
        moved[^1].ShouldBeLessThan(rate * 1.01);
    }

    [Theory]
    [InlineData(8, 5)]
    [InlineData(7, 6)]
    [InlineData(13, 3)] // 13, 13, 14: a single last example joins.
    [InlineData(40, 1)]
    [InlineData(100, 1)]
    [InlineData(1, 40)]
    public void BatchSize_OfFortyExamples_GivesTheStepsOfAnEpoch(int batch, int steps)
    {
        CheckpointFolder checkpoint = Checkpoint(Request(Plain.With(HyperparameterCatalog.BatchSize, batch)));

        State(checkpoint).Steps.ShouldAllBe(s => s == 2 * steps);
    }

    [Fact]
    public void Epochs_AreThePassesThatAreReported()
    {
        (TrainingResult result, RecordingObserver observer) = Train(Request(Plain.With(HyperparameterCatalog.Epochs, 3)));

        observer.Reports.Select(r => r.Epoch).ShouldBe([1, 2, 3]);
        State(result.Checkpoint!).Steps.ShouldAllBe(s => s == 15);
        (result.End, result.ReachedEpoch).ShouldBe((TrainingEnd.Completed, 3));
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("linear")]
    [InlineData("cosine")]
    [InlineData("step")]
    [InlineData("exponential")]
    [InlineData("one_cycle")]
    public void LrSchedule_ReportedRate_IsTheFormulasAtTheLastStepOfEachEpoch(string name)
    {
        int kind = HyperparameterCatalog.LrSchedule.Choices.IndexOf(name);
        ParameterSet parameters = Plain.With(HyperparameterCatalog.Epochs, 4).With(HyperparameterCatalog.LrSchedule, kind).With(HyperparameterCatalog.WarmupRatio, 0.25);

        RecordingObserver observer = Train(Request(parameters)).Observer;

        // T = 20, w = 5 (one_cycle: u = 6); the last steps are 4, 9, 14, 19.
        double[] p = [0, 4 / 15.0, 9 / 15.0, 14 / 15.0], q = [0, 3 / 14.0, 8 / 14.0, 13 / 14.0];
        double[] expected = name switch
        {
            "constant" => [1, 1, 1, 1],
            "linear" => [1, 1 - p[1], 1 - p[2], 1 - p[3]],
            "cosine" => [1, .. p[1..].Select(x => (1 + Math.Cos(Math.PI * x)) / 2)],
            "step" => [1, 1, 0.1, 0.01],
            "exponential" => [1, .. p[1..].Select(x => Math.Pow(0.01, x))],
            _ => [0.04 + 0.96 * (1 - Math.Cos(Math.PI * 4 / 6)) / 2, .. q[1..].Select(x => 4e-6 + (1 - 4e-6) * (1 + Math.Cos(Math.PI * x)) / 2)],
        };
        observer.Reports.Select(r => r.LearningRate!.Value / 0.1).ToArray().ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void UnfreezeEvery_ThawsFromTheHeadDownWithFreshCounters()
    {
        ParameterSet parameters = Plain.With(HyperparameterCatalog.Epochs, 5).With(HyperparameterCatalog.FrozenBlocks, 3).With(HyperparameterCatalog.UnfreezeEvery, 2);

        RecordingObserver observer = Train(Request(parameters) with { CheckpointIntervalSeconds = 0 }).Observer;

        // Five steps an epoch; block 2 thaws at epoch 2, block 1 at epoch 4.
        observer.Checkpoints.Select(c => string.Join(' ', State(c).Steps)).ShouldBe(
            ["0 0 0 5 5", "0 0 0 10 10", "0 0 5 15 15", "0 0 10 20 20", "0 5 15 25 25"]);
    }

    [Fact]
    public void FrozenBlocks_StoreNoOptimizerStateAndNoTensors()
    {
        ParameterSet adamW = Plain.With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.AdamW);
        CheckpointFolder all = Checkpoint(Request(adamW)), head = Checkpoint(Request(adamW.With(HyperparameterCatalog.FrozenBlocks, 4)));

        string file = Path.Combine(head.Path, "last", "state.safetensors");
        Values(file, "optimizer.moment.0").Length.ShouldBe(64 * 3 + 3);
        new FileInfo(file).Length.ShouldBeLessThan(5000);
        new FileInfo(Path.Combine(all.Path, "last", "state.safetensors")).Length.ShouldBeGreaterThan(3 * 60_000 * sizeof(float));
    }

    [Fact]
    public void LabelSmoothing_FitLossOfOneStep_IsTheSmoothedCrossEntropy()
    {
        const double smoothing = 0.3;
        ParameterSet parameters = Plain.With(HyperparameterCatalog.Epochs, 1).With(HyperparameterCatalog.BatchSize, 40).With(HyperparameterCatalog.LabelSmoothing, smoothing);

        double fit = Train(Request(parameters)).Observer.Reports[0].FitLoss!.Value;

        (float[] log, long[] labels) = FirstLogProbabilities();
        double expected = labels.Select((label, i) =>
            -(1 - smoothing) * log[3 * i + label] - smoothing / 3 * (log[3 * i] + log[3 * i + 1] + log[3 * i + 2])).Average();
        fit.ShouldBe(expected, 1e-5);
    }

    [Fact]
    public void ClassWeights_Balanced_WeighTheTrainingLossAlone()
    {
        // 40 examples in classes of 14, 13 and 13.
        ParameterSet parameters = Plain.With(HyperparameterCatalog.Epochs, 1).With(HyperparameterCatalog.BatchSize, 40).With(HyperparameterCatalog.LearningRate, 1e-30);
        double[] weights = [40 / (3 * 14.0), 40 / (3 * 13.0), 40 / (3 * 13.0)];

        var plain = Train(Request(parameters)).Observer.Reports[0];
        var balanced = Train(Request(parameters) with { ClassWeights = "balanced" }).Observer.Reports[0];

        (float[] log, long[] labels) = FirstLogProbabilities();
        balanced.FitLoss!.Value.ShouldBe(labels.Select((label, i) => -weights[label] * log[3 * i + label]).Sum() / 40, 1e-5);
        plain.FitLoss!.Value.ShouldBe(labels.Select((label, i) => -log[3 * i + label]).Sum() / 40, 1e-5);
        balanced.ValLoss.ShouldBe(plain.ValLoss);
    }

    public static TheoryData<string, double> Acting => new()
    {
        { "dropout", 0.5 }, { "weight_decay", 0.5 }, { "momentum", 0.9 }, { "layer_lr_decay", 0.5 }, { "label_smoothing", 0.2 }, { "warmup_ratio", 0.5 },
        { "optimizer", (int)OptimizerKind.AdamW }, { "frozen_blocks", 1 },
    };

    [Theory]
    [MemberData(nameof(Acting))]
    public void AnyHyperparameter_Changed_ChangesTheTrainedModel(string name, double value)
    {
        float[] plain = Exported(Checkpoint(Request(Plain)), "head.weight");

        Exported(Checkpoint(Request(Plain.With(HyperparameterCatalog.Find(name)!, value))), "head.weight").ShouldNotBe(plain);
    }

    [Fact]
    public void AugmentationClippingAndSeed_Changed_ChangeTheTrainedModel()
    {
        float[] plain = Exported(Checkpoint(Request(Plain)), "head.weight");

        Exported(Checkpoint(Request(Plain)), "head.weight").ShouldBe(plain);
        Exported(Checkpoint(Request(Plain) with { Augmentation = "light" }), "head.weight").ShouldNotBe(plain);
        Exported(Checkpoint(Request(Plain) with { MaxGradNorm = 0.01 }), "head.weight").ShouldNotBe(plain);
        Exported(Checkpoint(Request(Plain) with { Seed = 8 }), "head.weight").ShouldNotBe(plain);
        Exported(Checkpoint(Request(Plain) with { MaxTrainExamples = 20 }), "head.weight").ShouldNotBe(plain);
    }

    [Fact]
    public void MicroBatch_FrozenBatchNorm_SumsToTheSameGradient()
    {
        ParameterSet headOnly = Plain.With(HyperparameterCatalog.FrozenBlocks, 4).With(HyperparameterCatalog.BatchSize, 20);

        float[] whole = Exported(Checkpoint(Request(headOnly)), "head.weight");
        (TrainingResult result, RecordingObserver observer) = Train(Request(headOnly) with { MicroBatch = 3 });

        Exported(result.Checkpoint!, "head.weight").ShouldBe(whole, 1e-5f);
        (observer.Facts!.MicroBatch, observer.Facts.BatchNormMicro).ShouldBe((3, false));
        State(result.Checkpoint!).MicroBatch.ShouldBe(3);
        Train(Request(Plain) with { MicroBatch = 4 }).Observer.Facts!.BatchNormMicro.ShouldBeTrue();
    }

    private double[] Move(ParameterSet parameters, float[] start) =>
        [.. Exported(Checkpoint(Request(parameters)), Conv).Zip(start, (end, begin) => (double)end - begin)];

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    /// <summary>Log-probabilities of the untrained model in training mode over all forty examples, and their labels.</summary>
    private (float[] Log, long[] Labels) FirstLogProbabilities()
    {
        LabelledDataset dataset = Decoded.Get(Dataset, "idx");
        using TrainableModel model = ModelLoader.ForTraining(ModelFamilyCatalog.Convnet, null, dataset, 7, torch.CPU).Model;
        using Batches batches = new(model.Config, torch.CPU);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor rows = torch.tensor(dataset.Train.CopyIndices());
        torch.Tensor log = model.Forward(batches.Inputs(dataset.Train, rows), new(Training: true, 0, 0)).log_softmax(1);
        return ([.. log.detach().data<float>()], [.. batches.Labels(dataset.Train, rows).data<long>()]);
    }
}
