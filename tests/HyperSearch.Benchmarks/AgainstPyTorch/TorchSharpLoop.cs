using System.Collections.Immutable;
using System.Diagnostics;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using AdamWByTensor = TorchSharp.Modules.AdamW;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>Our side: trains a model on preloaded batches from its initial weights, in this process.</summary>
internal sealed class TorchSharpLoop : IDisposable
{
    /// <summary>Decoupled decay of matrices and kernels.</summary>
    public const double WeightDecay = 0.01;

    /// <summary>Steps of a repetition before its clock starts.</summary>
    public const int WarmSteps = 2;

    private static readonly ForwardMode Mode = new(Training: true, FrozenBlocks: 0, Dropout: 0);

    private readonly ComparedModel _compared;
    private readonly ImmutableArray<Batch> _batches;
    private readonly torch.Tensor _parameters;
    private readonly torch.Tensor _buffers;

    public TorchSharpLoop(ComparedModel compared)
    {
        _compared = compared;
        _batches = compared.Batches();
        using TrainableModel model = compared.Create();
        model.Initialize(0, model.Blocks, seed: 1);
        _parameters = model.Parameters.clone();
        _buffers = model.Buffers.clone();
        Weights = [.. model.Layout.Specs.Select(s => KeyValuePair.Create(s.Name, model[s.Name].clone()))];
    }

    /// <summary>The batches.</summary>
    public IReadOnlyList<Batch> Batches => _batches;

    /// <summary>The initial weights by name.</summary>
    public ImmutableArray<KeyValuePair<string, torch.Tensor>> Weights { get; }

    /// <summary>TorchSharp's own optimizer, tensor by tensor, in a loop as its users write it.</summary>
    public TimedLoss Plain(int steps)
    {
        using TrainableModel model = Start();
        using DisposeScope outer = torch.NewDisposeScope();
        model.Thaw(0);
        using AdamWByTensor optimizer = torch.optim.AdamW([Group(model, TensorRole.Weight, WeightDecay), Group(model, TensorRole.Undecayed, 0)], _compared.Rate);
        return Time(steps, batch =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            torch.Tensor loss = F.cross_entropy(model.Forward(batch, Mode), batch.Labels);
            model.Backward(loss);
            optimizer.step();
            return loss.item<float>();
        });
    }

    /// <summary>The step that trials make.</summary>
    public TimedLoss Fused(int steps)
    {
        using TrainableModel model = Start();
        using FlatOptimizer optimizer = FlatOptimizer.Create(
            model, ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.WeightDecay, WeightDecay), maxGradNorm: 0);
        optimizer.Thaw(0);
        LossGradients gradients = new(model);
        return Time(steps, batch =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            optimizer.ZeroGradients();
            double loss = gradients.Add(batch, _compared.BatchSize, Mode) / _compared.BatchSize;
            optimizer.Step(_compared.Rate);
            return loss;
        });
    }

    public void Dispose()
    {
        foreach (torch.Tensor tensor in (IEnumerable<torch.Tensor>)[_parameters, _buffers, .. Weights.Select(w => w.Value)])
        {
            tensor.Dispose();
        }

        foreach (Batch batch in _batches)
        {
            batch.Dispose();
        }
    }

    private TimedLoss Time(int steps, Func<Batch, double> step)
    {
        long start = 0;
        TimeSpan processor = default;
        double loss = 0;
        for (int i = 0; i < WarmSteps + steps; i++)
        {
            if (i == WarmSteps)
            {
                processor = Environment.CpuUsage.TotalTime;
                start = Stopwatch.GetTimestamp();
            }

            loss = step(_batches[i % _batches.Length]);
        }

        return new(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds, loss);
    }

    private TrainableModel Start()
    {
        // What the repetition before has left to the collector is not this one's.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        FreedMemory.Return();
        TrainableModel model = _compared.Create();
        model.Parameters.copy_(_parameters);
        model.Buffers.copy_(_buffers);
        return model;
    }

    // A tensor made what it is already is itself again, under a second handle, which the parameter may keep.
    private static AdamWByTensor.ParamGroup Group(TrainableModel model, TensorRole role, double decay) => new(
        model.Layout.Specs.Where(s => s.Role == role).Select(s => new Parameter(model[s.Name].to(torch.ScalarType.Float32))).ToList(),
        new AdamWByTensor.Options { weight_decay = decay });
}
