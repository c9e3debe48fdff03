using HyperSearch.Core.Hyperparameters;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Optimization;

/// <summary>
/// Steps all trained blocks of a model in few operations on flat tensors. Each block counts its own steps, and a block
/// that thaws starts with moments of zero: one global counter would give it several times the intended update.
/// State exists for trained blocks only.
/// </summary>
internal abstract class FlatOptimizer : IDisposable
{
    /// <summary>
    /// Smaller moments of a gradient become zero. That of a unit that died would else shrink until it is a denormal number, and
    /// stay one: processors compute with those so slowly that a small net took three times as long.
    /// </summary>
    protected const float LeastMoment = 1e-30f;

    private readonly double _weightDecay;
    private readonly double _layerDecay;
    private readonly double _maxGradNorm;
    private readonly long[] _steps;
    private readonly torch.Tensor?[] _moments;

    protected FlatOptimizer(TrainableModel model, ParameterSet parameters, double maxGradNorm, int moments)
    {
        Model = model;
        _weightDecay = parameters.WeightDecay;
        _layerDecay = parameters.LayerLrDecay;
        _maxGradNorm = maxGradNorm;
        _steps = new long[model.Blocks + 1];
        _moments = new torch.Tensor?[moments];
        FirstBlock = model.Blocks + 1;
    }

    /// <summary>The first trained block.</summary>
    public int FirstBlock { get; private set; }

    /// <summary>Steps that each block, and last the head, has made; 0 while frozen.</summary>
    public IReadOnlyList<long> Steps => _steps;

    /// <summary>Flat moments over the trained blocks, in the order of the optimizer's equations.</summary>
    public IReadOnlyList<torch.Tensor> Moments => [.. _moments.OfType<torch.Tensor>()];

    /// <summary>The model.</summary>
    protected TrainableModel Model { get; }

    /// <summary>Where trained parameters begin.</summary>
    protected long Start => Model.Layout.Ranges[FirstBlock].Start;

    /// <summary>The optimizer that the parameters ask for, with nothing thawed.</summary>
    public static FlatOptimizer Create(TrainableModel model, ParameterSet parameters, double maxGradNorm) => parameters.Optimizer switch
    {
        OptimizerKind.AdamW => new AdamW(model, parameters, maxGradNorm, AdamW.FitsOnePass(model)),
        OptimizerKind.Sgd => new Sgd(model, parameters, maxGradNorm),
        _ => throw new InvalidOperationException($"Unknown optimizer {parameters.Optimizer}."),
    };

    /// <summary>Trains from a block on: new blocks get moments of zero and step counters of zero. Blocks only thaw.</summary>
    public void Thaw(int firstBlock)
    {
        if (firstBlock >= FirstBlock)
        {
            return;
        }

        Model.Thaw(firstBlock);
        FirstBlock = firstBlock;
        long length = Model.Layout.ParameterElements - Start;
        using IDisposable noGrad = torch.no_grad();
        for (int i = 0; i < _moments.Length; i++)
        {
            torch.Tensor grown = torch.zeros(length, device: Model.Parameters.device).DetachFromDisposeScope();
            if (_moments[i] is { } old)
            {
                using torch.Tensor tail = grown.narrow(0, length - old.shape[0], old.shape[0]);
                tail.copy_(old);
                old.Dispose();
            }

            _moments[i] = grown;
        }
    }

    /// <summary>Puts back what a checkpoint holds, after <see cref="Thaw"/> to the same block.</summary>
    public void Restore(IReadOnlyList<long> steps, Action<int, torch.Tensor> copyMoment)
    {
        steps.ToArray().CopyTo(_steps, 0);
        for (int i = 0; i < _moments.Length; i++)
        {
            copyMoment(i, _moments[i]!);
        }
    }

    /// <summary>Sets the gradients of trained blocks to zero.</summary>
    public void ZeroGradients()
    {
        using torch.Tensor gradients = Tail(Model.Gradients);
        gradients.zero_();
    }

    /// <summary>One step with the gradients that are there.</summary>
    /// <param name="rate">Rate of the head now.</param>
    public void Step(double rate)
    {
        Clip();
        for (int first = FirstBlock; first <= Model.Blocks;)
        {
            // Neighbours with equal counters and rates are one run.
            int last = first;
            double blockRate = rate * RateFactor(first);
            while (last < Model.Blocks && _steps[last + 1] == _steps[first] && rate * RateFactor(last + 1) == blockRate)
            {
                last++;
            }

            StepRun(first, last, blockRate);
            first = last + 1;
        }
    }

    public void Dispose()
    {
        foreach (torch.Tensor? moment in _moments)
        {
            moment?.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Updates a run of neighbouring blocks.</summary>
    /// <param name="run">The run.</param>
    protected abstract void Update(FlatRun run);

    /// <summary>A run's part of flat parameters or gradients, in the current dispose scope.</summary>
    /// <param name="flat">The tensor.</param>
    /// <param name="run">The run.</param>
    protected torch.Tensor Part(torch.Tensor flat, FlatRun run)
    {
        long start = Model.Layout.Ranges[run.First].Start;
        return flat.narrow(0, start, Model.Layout.Ranges[run.Last].End - start);
    }

    /// <summary>A run's part of a moment, in the current dispose scope.</summary>
    /// <param name="index">Number of the moment.</param>
    /// <param name="run">The run.</param>
    protected torch.Tensor Moment(int index, FlatRun run)
    {
        long start = Model.Layout.Ranges[run.First].Start;
        return _moments[index]!.narrow(0, start - Start, Model.Layout.Ranges[run.Last].End - start);
    }

    /// <summary>The whole of a moment, which begins with the first trained block.</summary>
    /// <param name="index">Number of the moment.</param>
    protected torch.Tensor Moment(int index) => _moments[index]!;

    /// <summary>What decay leaves of a weight in a step.</summary>
    /// <param name="rate">Rate of its block.</param>
    protected double Left(double rate) => 1 - rate * _weightDecay;

    /// <summary>Decays the weights of a run.</summary>
    /// <param name="run">The run.</param>
    protected void Decay(FlatRun run)
    {
        for (int block = run.First; _weightDecay > 0 && block <= run.Last; block++)
        {
            BlockRange range = Model.Layout.Ranges[block];
            if (range.UndecayedStart > range.Start)
            {
                Model.Parameters.narrow(0, range.Start, range.UndecayedStart - range.Start).mul_(Left(run.Rate));
            }
        }
    }

    // Head 0, last block 1, and so on down.
    private double RateFactor(int block) => Math.Pow(_layerDecay, Model.Blocks - block);

    private void StepRun(int first, int last, double rate)
    {
        for (int block = first; block <= last; block++)
        {
            _steps[block]++;
        }

        Update(new(first, last, _steps[first], rate));
    }

    private void Clip()
    {
        if (_maxGradNorm <= 0)
        {
            return;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor gradients = Tail(Model.Gradients);
        double norm = gradients.norm().item<float>();
        if (norm > _maxGradNorm)
        {
            gradients.mul_(_maxGradNorm / norm);
        }
    }

    private torch.Tensor Tail(torch.Tensor flat) => flat.narrow(0, Start, Model.Layout.ParameterElements - Start);
}
