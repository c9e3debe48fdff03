using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies;

/// <summary>What every family must keep. A new one derives from it with its descriptor in Core.</summary>
public abstract class ModelFamilySuite : TrialFixture
{
    private static readonly Hyperparameter Frozen = HyperparameterCatalog.FrozenBlocks;

    // Slow enough for every family, with decay so that every weight moves.
    private static readonly ParameterSet Slow = Plain.With(HyperparameterCatalog.LearningRate, 0.01).With(HyperparameterCatalog.WeightDecay, 0.1);

    // The library computes maps of a single pixel, which these small images shrink to, by another kernel below 16 of them.
    private const int ManyAtOnce = 20;

    /// <summary>The family with a small model of it.</summary>
    private protected abstract FamilySample Create();

    /// <summary>Format of the dataset.</summary>
    private protected virtual string Format => "idx";

    private ModelFamily Family => Create().Family;

    [Fact]
    public void Load_ExportedWeights_PutsEveryTensorBackByName()
    {
        string folder = Weights();
        LabelledDataset dataset = Data(folder);

        using TrainableModel model = ModelLoader.ForTraining(Family, folder, dataset, 99, torch.CPU).Model;

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
        Rename("x", "y", "z");
        LabelledDataset dataset = Data(folder);
        using TrainableModel whole = ModelLoader.AsExported(Family, folder, torch.CPU);
        int head = whole.Layout.Specs.Count(s => s.Block == whole.Blocks), count = whole.Layout.Specs.Count();
        foreach (TensorSpec spec in whole.Layout.Specs.Where((_, i) => i >= count - head || i % (1 + count / 30) == 0))
        {
            SafetensorsWriter.Write(Path.Combine(folder, WeightsFolder.SingleFile),
                whole.Layout.Specs.Where(s => s != spec).Select(s => KeyValuePair.Create(s.Name, whole[s.Name])));
            if (spec.Block == whole.Blocks)
            {
                ModelLoader.ForTraining(Family, folder, dataset, 1, torch.CPU).Model.Dispose();
                continue;
            }

            Should.Throw<TrainingException>(() => ModelLoader.ForTraining(Family, folder, dataset, 1, torch.CPU)).Message.ShouldContain($"'{spec.Name}'");
        }
    }

    [Fact]
    public void Load_TensorOfNoPart_IsNamed()
    {
        string folder = Weights();
        using TrainableModel whole = ModelLoader.AsExported(Family, folder, torch.CPU);
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFolder.SingleFile),
            whole.Layout.Specs.Select(s => KeyValuePair.Create(s.Name, whole[s.Name])).Append(new("stranger.weight", whole.Buffers)));

        Should.Throw<TrainingException>(() => ModelLoader.AsExported(Family, folder, torch.CPU)).Message.ShouldContain("'stranger.weight'");
    }

    [Fact]
    public void Forward_DropoutNearOne_ActsInTrainingAndNotInEvaluation()
    {
        using TrainableModel model = ModelLoader.AsExported(Family, Weights(), torch.CPU);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor images = Inputs(model);
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
        ModelFamily family = Family;
        string folder = Weights();
        for (int frozen = 0; frozen <= family.Blocks; frozen++)
        {
            CheckpointFolder checkpoint = Checkpoint(Trial(Slow.With(Frozen, frozen), folder));

            using TrainableModel before = ModelLoader.AsExported(family, folder, torch.CPU);
            using TrainableModel after = ModelLoader.AsExported(family, Path.Combine(checkpoint.Path, "best"), torch.CPU);
            foreach (TensorSpec spec in before.Layout.Specs)
            {
                bool equal = after[spec.Name].contiguous().bytes.SequenceEqual(before[spec.Name].contiguous().bytes);
                equal.ShouldBe(spec.Block < frozen, $"{spec.Name} with {frozen} frozen blocks");
            }

            State(checkpoint).Steps.Take(frozen).ShouldAllBe(steps => steps == 0);
            State(checkpoint).Steps.Skip(frozen).ShouldAllBe(steps => steps == 10);
        }
    }

    [Theory]
    [InlineData(Precisions.Fp32)]
    [InlineData(Precisions.Bf16)]
    public void Train_CutAtEveryEpoch_EndsBitIdentical(string precision)
    {
        ParameterSet parameters = Family.Defaults.With(HyperparameterCatalog.Epochs, 4).With(HyperparameterCatalog.BatchSize, 8)
            .With(Frozen, Math.Min(3, Family.Blocks)).With(HyperparameterCatalog.UnfreezeEvery, 1).With(HyperparameterCatalog.LearningRate, 0.01);
        TrainingRequest request = Trial(parameters, Weights()) with { CheckpointIntervalSeconds = 0, Precision = precision };

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
        TrainingRequest request = Trial(Slow.With(HyperparameterCatalog.LabelSmoothing, 0.1), Weights()) with
        {
            ClassWeights = "balanced",
            Augmentation = "light",
            MaxGradNorm = 1,
            Objective = new(),
            CheckpointIntervalSeconds = 0,
        };
        DatasetCache.Clear();
        long before = LiveTensors.Settle();

        CheckpointFolder checkpoint = Checkpoint(request with { ToEpoch = 1 });
        Train(request with { FromEpoch = 1, ResumeFolder = checkpoint.Path });
        FineTuning.Evaluate(new() { Family = Family, ModelFolder = Path.Combine(checkpoint.Path, "best"), Dataset = Data(Dataset, Format), Metric = "val_loss" }, CancellationToken.None);
        DatasetCache.Clear();

        torch.Tensor.TotalCount.ShouldBe(before);
    }

    [Theory]
    [InlineData(Precisions.Fp32)]
    [InlineData(Precisions.Bf16)]
    public void Forward_FromTheFeaturesOfAnyPrefix_IsTheWholeForwardBitForBit(string precision)
    {
        using TrainableModel model = ModelLoader.AsExported(Family, Weights(), torch.CPU);
        model.Precision = Precision.Of(precision);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor inputs = Inputs(model), buffers = model.Buffers.clone();
        for (int k = 0; k <= model.Blocks; k++)
        {
            ForwardMode mode = new(Training: true, k, Dropout: 0.3);
            model.Buffers.copy_(buffers);

            // In planes, as a cache keeps them.
            torch.Tensor features = model.Features(inputs, 0, k, inputs, mode).contiguous(), kept = features.clone();

            byte[] whole = Run(() => model.Forward(inputs, mode)), rest = Run(() => model.Forward(features, k, inputs, mode));

            rest.SequenceEqual(whole).ShouldBeTrue($"{k} blocks");
            features.bytes.SequenceEqual(kept.bytes).ShouldBeTrue($"{k} blocks change their input");
        }

        byte[] Run(Func<torch.Tensor> forward)
        {
            model.Buffers.copy_(buffers);
            torch.manual_seed(3);
            return [.. forward().bytes, .. model.Buffers.bytes];
        }
    }

    // Block by block, each from what enters it in float32, and with batch norm that only passes signals on: a deep net of
    // random weights, or statistics of a few examples, blow any difference up.
    [Fact]
    public void Block_Bf16_IsNearFloat32WithFloat32GradientsOfTheSameDirection()
    {
        FamilySample sample = Create();
        using TrainableModel model = TrainableFamilies.Find(sample.Family.Name).Create(sample.Config, torch.CPU);
        model.Initialize(0, model.Blocks, 5);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor inputs = Inputs(model), features = inputs, last = inputs;
        model.Thaw(0);
        for (int block = 0; block <= model.Blocks; block++)
        {
            (torch.Tensor whole, torch.Tensor wholeGradient) = Run(Precision.Fp32, block);
            (torch.Tensor reduced, torch.Tensor reducedGradient) = Run(Precision.Bf16, block);

            (reduced.dtype, reducedGradient.dtype).ShouldBe((torch.ScalarType.Float32, torch.ScalarType.Float32));
            reducedGradient.isfinite().all().item<bool>().ShouldBeTrue();
            double apart = Norm(reduced - whole) / Norm(whole);
            double cosine = (wholeGradient * reducedGradient).sum().item<float>() / Norm(wholeGradient) / Norm(reducedGradient);
            apart.ShouldBeLessThan(0.02, $"block {block}");
            cosine.ShouldBeGreaterThan(0.99, $"block {block}");

            // A block of norms and look-ups alone is the same to the last bit: those are computed in float32.
            (apart > 0).ShouldBe(Casts(block), $"block {block}");
            (features, last) = (whole, reduced);
        }

        // The head's last layer gives what bfloat16 can say.
        last.to(torch.ScalarType.BFloat16).to(torch.ScalarType.Float32).bytes.SequenceEqual(last.bytes).ShouldBeTrue();

        (torch.Tensor Output, torch.Tensor Gradient) Run(Precision precision, int block)
        {
            model.Precision = precision;
            model.Gradients.zero_();
            FreeMemory.Poison();
            torch.Tensor y = block < model.Blocks
                ? model.Features(features, block, block + 1, inputs, ForwardMode.Evaluation)
                : model.Forward(features, block, inputs, ForwardMode.Evaluation);
            model.Backward(y.square().sum());
            BlockRange range = model.Layout.Ranges[block];
            return (y.detach(), model.Gradients.narrow(0, range.Start, range.End - range.Start).clone());
        }
    }

    [Fact]
    public void Train_Bf16OverFrozenBlocks_EndsAsWithoutTheCacheBitForBit()
    {
        string weights = Weights();
        for (int frozen = 1; frozen <= Family.Blocks; frozen += Math.Max(1, Family.Blocks / 3))
        {
            // Batches of 7 and validation in batches of 50 against pieces of 50: no shape is the same.
            TrainingRequest request = Trial(Slow.With(Frozen, frozen).With(HyperparameterCatalog.BatchSize, 7).With(HyperparameterCatalog.Dropout, 0.2), weights) with { Precision = Precisions.Bf16 };

            (TrainingResult with, RecordingObserver reports) = Train(request);
            (TrainingResult without, RecordingObserver other) = Train(request with { KeepsFeatures = false, CheckpointRoot = NewRoot() });

            with.Checkpoint!.Hash.ShouldBe(without.Checkpoint!.Hash, $"{frozen} frozen blocks");
            reports.TimelessReports.ShouldBe(other.TimelessReports);
        }
    }

    [Fact]
    public void Train_FirstHalfAndAllBlocksFrozen_EndsAsWithoutTheirCacheBitForBit()
    {
        string folder = Weights();
        ParameterSet parameters = Slow.With(HyperparameterCatalog.Dropout, 0.2).With(HyperparameterCatalog.BatchSize, ManyAtOnce);
        int entries = 0;
        foreach (int frozen in new[] { 1, Family.Blocks / 2, Family.Blocks }.Distinct())
        {
            TrainingRequest request = Trial(parameters.With(Frozen, frozen), folder);

            CheckpointFolder with = Checkpoint(request), without = Checkpoint(request with { KeepsFeatures = false, CheckpointRoot = NewRoot() });

            with.Hash.ShouldBe(without.Hash, $"{frozen} frozen blocks");
            Directory.EnumerateFiles(Folder["cache"], "features", SearchOption.AllDirectories).Count().ShouldBe(entries += 2);
        }
    }

    [Fact]
    [Trait("Category", Gpu.Category)]
    public void Forward_OnTheGpu_IsCloseToTheProcessor()
    {
        Gpu.Require();
        string folder = Weights();
        using TrainableModel here = ModelLoader.AsExported(Family, folder, torch.CPU), there = ModelLoader.AsExported(Family, folder, torch.CUDA);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor inputs = Inputs(here);
        ForwardMode mode = new(Training: true, FrozenBlocks: 0, Dropout: 0);
        here.Thaw(0);
        there.Thaw(0);

        torch.Tensor expected = here.Forward(inputs, mode), actual = there.Forward(inputs.cuda(), mode);
        here.Backward(expected.square().sum());
        there.Backward(actual.square().sum());

        // Convolutions may use TF32, with ten bits of mantissa.
        actual.cpu().allclose(expected, 1e-2, 1e-2).ShouldBeTrue();
        double norm = here.Gradients.norm().item<float>();
        there.Gradients.cpu().sub(here.Gradients).norm().item<float>().ShouldBeLessThan((float)(0.05 * norm));
    }

    [Fact]
    public void Thaw_FrozenBlocks_CollectNoGradient()
    {
        int frozen = Family.Blocks / 2;
        using TrainableModel model = ModelLoader.AsExported(Family, Weights(), torch.CPU);
        using DisposeScope scope = torch.NewDisposeScope();
        model.Thaw(frozen);

        model.Backward(model.Forward(Inputs(model), new(Training: true, frozen, Dropout: 0)).square().sum());

        foreach (TensorSpec spec in model.Layout.Specs.Where(s => s.Role != TensorRole.Buffer))
        {
            model[spec.Name].requires_grad.ShouldBe(spec.Block >= frozen, spec.Name);
        }

        long trained = model.Layout.Ranges[frozen].Start;
        model.Gradients.narrow(0, 0, trained).count_nonzero().item<long>().ShouldBe(0);
        model.Gradients.narrow(0, trained, model.Layout.ParameterElements - trained).count_nonzero().item<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Train_EachNamingOfTheFamily_ExportsTheFamilysNamesForItAndLoadsAgain()
    {
        string folder = Weights();
        using TrainableModel whole = ModelLoader.AsExported(Family, folder, torch.CPU);
        int namings = 1 + whole.Layout.Specs.First().Aliases.Length;
        for (int naming = 0; naming < namings; naming++)
        {
            whole.Naming = naming;
            string named = Write(whole, NewRoot());

            string exported = Path.Combine(Checkpoint(Trial(Slow, named) with { ToEpoch = 1 }).Path, "best");

            using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(exported, WeightsFolder.SingleFile));
            file.Names.Order(StringComparer.Ordinal).ShouldBe(whole.Layout.Specs.Select(s => s.Stored(TrainableFamilies.Find(Family.Name).ExportedNaming(naming))).Order(StringComparer.Ordinal));
            File.ReadAllText(Path.Combine(exported, ModelConfig.FileName)).ShouldBe(File.ReadAllText(Path.Combine(named, ModelConfig.FileName)));
            (_, RecordingObserver observer) = Train(Trial(Slow, exported) with { ToEpoch = 1 });
            observer.Facts!.HeadKept.ShouldBeTrue();
        }
    }

    /// <summary>The dataset as a model of the weights folder takes it.</summary>
    private protected virtual LabelledDataset Data(string weights) => Decoded.Get(Dataset, Format);

    /// <summary>Gives the dataset's three classes other names.</summary>
    private protected virtual void Rename(params string[] names) => File.WriteAllLines(Path.Combine(Dataset, "labels.txt"), names);

    private TrainingRequest Trial(ParameterSet parameters, string weights) =>
        Request(parameters) with { Family = Family, WeightsFolder = weights, Dataset = Data(Dataset, Format) };

    /// <summary>Whether a block has a linear layer, a convolution or attention.</summary>
    private protected virtual bool Casts(int block) => true;

    /// <summary>Four random inputs of a model.</summary>
    private protected virtual torch.Tensor Inputs(TrainableModel model) =>
        torch.randn(4, model.Config.Images!.Channels, model.Config.Images.Size, model.Config.Images.Size);

    private static double Norm(torch.Tensor x) => Math.Sqrt(x.square().sum().item<float>());

    private static string Write(TrainableModel model, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] content) in model.Config.Files())
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }

        SafetensorsWriter.Write(Path.Combine(folder, WeightsFolder.SingleFile),
            model.Layout.Specs.Select(s => KeyValuePair.Create(s.Stored(model.Naming), model[s.Name])));
        return folder;
    }

    private string Weights()
    {
        FamilySample sample = Create();
        using TrainableModel model = TrainableFamilies.Find(sample.Family.Name).Create(sample.Config, torch.CPU);
        model.Initialize(0, model.Blocks, 5);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor inputs = Inputs(model);
        for (int i = 0; i < 30; i++)
        {
            // Batch norm's statistics follow, so that signals pass frozen blocks.
            model.Forward(inputs, new(Training: true, FrozenBlocks: 0, Dropout: 0));
        }

        return Write(model, NewRoot());
    }
}
