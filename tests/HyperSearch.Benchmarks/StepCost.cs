using System.Globalization;
using HyperSearch.Benchmarks.AgainstPyTorch;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Optimization;
using TorchSharp;

namespace HyperSearch.Benchmarks;

/// <summary>What a training step costs the memory, loader included: managed bytes, and whether anything grows over many steps.</summary>
internal static class StepCost
{
    private const int MostExamples = 10_000;
    private const double MostBytes = 2048;
    private const double MostGrowth = 0.01;
    private const int WarmEpochs = 2;

    /// <summary>Trains the small models and prints what they allocate. False when a step allocates too much or something grows.</summary>
    /// <param name="steps">Steps that are measured, rounded up to whole epochs; two epochs go before.</param>
    /// <param name="names">Models; the small ones when empty.</param>
    public static bool Run(int steps, IReadOnlyList<string> names)
    {
        torch.set_num_threads(1);
        Console.WriteLine("| model | steps | managed bytes a step | live tensors before and after | least resident MB while warming up, in the first and in the second half | steps/s | holds |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---|");
        bool holds = true;
        foreach (ComparedModel model in ComparedModel.All.Where(m => names is [] ? m.Name is "mlp" or "convnet" : names.Contains(m.Name)))
        {
            holds &= Measure(model, steps);
        }

        return holds;
    }

    private static bool Measure(ComparedModel compared, int steps)
    {
        using TrainableModel model = compared.Create();
        model.Initialize(0, model.Blocks, seed: 1);
        ParameterSet parameters = ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.BatchSize, compared.BatchSize);
        int examples = Math.Min(MostExamples, steps * compared.BatchSize / 2);
        int epochs = 2 * (int)Math.Ceiling((double)steps * compared.BatchSize / examples / 2);
        parameters = parameters.With(HyperparameterCatalog.Epochs, WarmEpochs + epochs);
        using FlatOptimizer optimizer = FlatOptimizer.Create(model, parameters, maxGradNorm: 0);
        using Batches batches = new(model.Config, torch.CPU);
        using EpochTrainer trainer = new(
            Request(parameters), model, optimizer, Split(model.Config, examples), batches, compared.BatchSize, mirrors: false, TimeProvider.System);
        double warm = Train(trainer, 0, WarmEpochs);
        State before = State.Now();
        double first = Train(trainer, WarmEpochs, epochs / 2);
        double second = Train(trainer, WarmEpochs + epochs / 2, epochs / 2);
        return Print(compared.Name, epochs * trainer.StepsPerEpoch, before, State.Now(), [warm, first, second]);
    }

    // The least resident MB at the end of an epoch, without garbage, and where trials give freed memory back: now and then some
    // of it stays for an epoch longer, and what leaks stays for ever.
    private static double Train(EpochTrainer trainer, int first, int count)
    {
        double least = double.PositiveInfinity;
        for (int epoch = first; epoch < first + count; epoch++)
        {
            trainer.Run(epoch, static () => { }, CancellationToken.None);
            GC.Collect();
            FreedMemory.Return();
            least = Math.Min(least, Environment.WorkingSet / 1048576.0);
        }

        return least;
    }

    private static ExampleSplit Split(ModelConfig config, int examples)
    {
        torch.manual_seed(1);
        torch.Tensor inputs = config.Images is { } images
            ? torch.randint(0, 256, [examples, images.Channels, images.Size, images.Size], torch.ScalarType.Byte)
            : ComparedModel.DrawTexts(examples, config.Text!).to(torch.ScalarType.Int32);
        return ExampleSplit.All(inputs, torch.randint(0, config.Labels.Length, examples), HyperSearch.Training.Datasets.Split.Train);
    }

    private static TrainingRequest Request(ParameterSet parameters) => new()
    {
        Family = ModelFamilyCatalog.Convnet,
        Parameters = parameters,
        Objective = new(),
        Seed = 1,
        FromEpoch = 0,
        ToEpoch = parameters.Epochs,
        Dataset = new() { Folder = "" },
        CheckpointRoot = "",
    };

    private static bool Print(string name, int steps, State before, State after, double[] resident)
    {
        // What grows goes on growing in the second half.
        double bytes = (double)(after.Allocated - before.Allocated) / steps;
        double growth = (resident[2] - resident[1]) / resident[1];
        bool holds = bytes < MostBytes && after.Tensors == before.Tensors && growth < MostGrowth;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {steps} | {bytes:0} | {before.Tensors}, {after.Tensors} | {resident[0]:0.0}, {resident[1]:0.0}, {resident[2]:0.0} | {steps / TimeProvider.System.GetElapsedTime(before.Time, after.Time).TotalSeconds:0} | {(holds ? "yes" : "no")} |"));
        return holds;
    }

    /// <summary>What may grow.</summary>
    /// <param name="Time">When.</param>
    /// <param name="Allocated">Managed bytes allocated so far, on all threads.</param>
    /// <param name="Tensors">Tensors alive on all threads.</param>
    private readonly record struct State(long Time, long Allocated, long Tensors)
    {
        public static State Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return new(TimeProvider.System.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true), torch.Tensor.TotalCount);
        }
    }
}
