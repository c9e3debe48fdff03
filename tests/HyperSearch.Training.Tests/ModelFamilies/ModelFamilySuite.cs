using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies;

/// <summary>What every family must keep. A new one derives from it with its descriptor in Core.</summary>
public abstract class ModelFamilySuite : TrialFixture
{
    private static readonly Hyperparameter Frozen = HyperparameterCatalog.FrozenBlocks;

    /// <summary>Descriptor of the family; its weights are made from scratch on small images.</summary>
    protected abstract ModelFamily Create();

    [Fact]
    public void Load_ExportedWeights_PutsEveryTensorBackByName()
    {
        string folder = Weights();
        LabelledDataset dataset = DatasetCache.Get(Dataset, "idx");

        using TrainableModel model = ModelLoader.ForTraining(Create(), folder, dataset, 99, torch.CPU).Model;

        foreach (TensorSpec spec in model.Layout.Specs)
        {
            float[] loaded = [.. model[spec.Name].data<float>()];
            loaded.ShouldBe(Values(Path.Combine(folder, WeightsFolder.SingleFile), spec.Name));
        }
    }

    [Fact]
    public void Load_EachTensorMissing_IsNamedUnlessItIsTheHeads()
    {
        string folder = Weights();
        File.WriteAllText(Path.Combine(Dataset, "labels.txt"), "x\ny\nz\n");
        LabelledDataset dataset = DatasetCache.Get(Dataset, "idx");
        using TrainableModel whole = ModelLoader.AsExported(Create(), folder, torch.CPU);
        foreach (TensorSpec spec in whole.Layout.Specs)
        {
            SafetensorsWriter.Write(Path.Combine(folder, WeightsFolder.SingleFile),
                whole.Layout.Specs.Where(s => s != spec).Select(s => KeyValuePair.Create(s.Name, whole[s.Name])));
            if (spec.Block == whole.Blocks)
            {
                ModelLoader.ForTraining(Create(), folder, dataset, 1, torch.CPU).Model.Dispose();
                continue;
            }

            Should.Throw<TrainingException>(() => ModelLoader.ForTraining(Create(), folder, dataset, 1, torch.CPU)).Message.ShouldContain($"'{spec.Name}'");
        }
    }

    [Fact]
    public void Load_TensorOfNoPart_IsNamed()
    {
        string folder = Weights();
        using TrainableModel whole = ModelLoader.AsExported(Create(), folder, torch.CPU);
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFolder.SingleFile),
            whole.Layout.Specs.Select(s => KeyValuePair.Create(s.Name, whole[s.Name])).Append(new("stranger.weight", whole.Buffers)));

        Should.Throw<TrainingException>(() => ModelLoader.AsExported(Create(), folder, torch.CPU)).Message.ShouldContain("'stranger.weight'");
    }

    [Fact]
    public void Forward_DropoutNearOne_ActsInTrainingAndNotInEvaluation()
    {
        using TrainableModel model = ModelLoader.ForTraining(Create(), null, DatasetCache.Get(Dataset, "idx"), 1, torch.CPU).Model;
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor images = torch.randn(4, model.Config.Images!.Channels, model.Config.Images.Size, model.Config.Images.Size);
        int all = model.Blocks;

        float[] plain = [.. model.Forward(images, new(Training: true, all, Dropout: 0)).data<float>()];
        float[] dropped = [.. model.Forward(images, new(Training: true, all, Dropout: 0.5)).data<float>()];
        float[] evaluated = [.. model.Forward(images, new(Training: false, all, Dropout: 0.5)).data<float>()];

        dropped.ShouldNotBe(plain);
        evaluated.ShouldBe(plain);
    }

    [Fact]
    public void Train_FrozenBlocks_StayBitIdenticalAndTheRestMoves()
    {
        ModelFamily family = Create();
        string folder = Weights();
        for (int frozen = 0; frozen <= family.Blocks; frozen++)
        {
            CheckpointFolder checkpoint = Checkpoint(Request(Plain.With(Frozen, frozen).With(HyperparameterCatalog.WeightDecay, 0.1)) with
            {
                Family = family,
                WeightsFolder = folder,
            });

            using TrainableModel before = ModelLoader.AsExported(family, folder, torch.CPU);
            using TrainableModel after = ModelLoader.AsExported(family, Path.Combine(checkpoint.Path, "best"), torch.CPU);
            foreach (TensorSpec spec in before.Layout.Specs)
            {
                bool equal = after[spec.Name].bytes.SequenceEqual(before[spec.Name].bytes);
                equal.ShouldBe(spec.Block < frozen, $"{spec.Name} with {frozen} frozen blocks");
            }

            State(checkpoint).Steps.Take(frozen).ShouldAllBe(steps => steps == 0);
            State(checkpoint).Steps.Skip(frozen).ShouldAllBe(steps => steps == 10);
        }
    }

    [Fact]
    public void Train_CutAtEveryEpoch_EndsBitIdentical()
    {
        ParameterSet parameters = Create().Defaults.With(HyperparameterCatalog.Epochs, 4).With(HyperparameterCatalog.BatchSize, 8)
            .With(Frozen, Create().Blocks).With(HyperparameterCatalog.UnfreezeEvery, 1).With(HyperparameterCatalog.LearningRate, 0.01);
        TrainingRequest request = Request(parameters) with { Family = Create(), WeightsFolder = Weights(), CheckpointIntervalSeconds = 0 };

        RecordingObserver whole = Train(request).Observer;

        RecordingObserver cut = new();
        string? resume = null;
        for (int epoch = 0; epoch < 4; epoch++)
        {
            resume = Train(request with { CheckpointRoot = NewRoot(), FromEpoch = epoch, ToEpoch = epoch + 1, ResumeFolder = resume }, cut).Result.Checkpoint!.Path;
        }

        cut.TimelessReports.ShouldBe(whole.TimelessReports);
        cut.Checkpoints.Select(c => c.Hash).ShouldBe(whole.Checkpoints.Select(c => c.Hash));
    }

    [Fact]
    public void Train_Ended_LeavesNoTensorAlive()
    {
        TrainingRequest request = Request(Plain.With(HyperparameterCatalog.LabelSmoothing, 0.1)) with
        {
            Family = Create(),
            ClassWeights = "balanced",
            Augmentation = "light",
            MaxGradNorm = 1,
            Objective = new(),
            CheckpointIntervalSeconds = 0,
        };
        DatasetCache.Clear();
        long before = torch.Tensor.TotalCount;

        CheckpointFolder checkpoint = Checkpoint(request with { ToEpoch = 1 });
        Train(request with { FromEpoch = 1, ResumeFolder = checkpoint.Path });
        FineTuning.Evaluate(new() { Family = Create(), ModelFolder = Path.Combine(checkpoint.Path, "best"), DatasetFolder = Dataset, Metric = "val_loss" }, CancellationToken.None);
        DatasetCache.Clear();

        torch.Tensor.TotalCount.ShouldBe(before);
    }

    private string Weights() => Path.Combine(Checkpoint(Request(Plain) with { Family = Create(), ToEpoch = 1 }).Path, "best");
}
