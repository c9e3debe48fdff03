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
    private readonly TrainableModel _model;
    private readonly double _weightDecay;
    private readonly double _layerDecay;
    private readonly double _maxGradNorm;
    private readonly long[] _steps;
    private readonly torch.Tensor?[] _moments;

    protected FlatOptimizer(TrainableModel model, ParameterSet parameters, double maxGradNorm, int moments)
    {
        _model = model;
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

    /// <summary>The optimizer that the parameters ask for, with nothing thawed.</summary>
    public static FlatOptimizer Create(TrainableModel model, ParameterSet parameters, double maxGradNorm) => parameters.Optimizer switch
    {
        OptimizerKind.AdamW => new AdamW(model, parameters, maxGradNorm),
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

        _model.Thaw(firstBlock);
        FirstBlock = firstBlock;
        long length = _model.Layout.ParameterElements - Start;
        using IDisposable noGrad = torch.no_grad();
        for (int i = 0; i < _moments.Length; i++)
        {
            torch.Tensor grown = torch.zeros(length, device: _model.Parameters.device).DetachFromDisposeScope();
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
        using torch.Tensor gradients = Tail(_model.Gradients);
        gradients.zero_();
    }

    /// <summary>One step with the gradients that are there.</summary>
    /// <param name="rate">Rate of the head now.</param>
    public void Step(double rate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        Clip();
        for (int first = FirstBlock; first <= _model.Blocks;)
        {
            // Neighbours with equal counters and rates are one run.
            int last = first;
            double blockRate = rate * RateFactor(first);
            while (last < _model.Blocks && _steps[last + 1] == _steps[first] && rate * RateFactor(last + 1) == blockRate)
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
    /// <param name="parameters">Their parameters, already decayed.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="moments">Their moments.</param>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="rate">Their rate.</param>
    protected abstract void Update(torch.Tensor parameters, torch.Tensor gradients, torch.Tensor[] moments, long step, double rate);

    private long Start => _model.Layout.Ranges[FirstBlock].Start;

    // Head 0, last block 1, and so on down.
    private double RateFactor(int block) => Math.Pow(_layerDecay, _model.Blocks - block);

    private void StepRun(int first, int last, double rate)
    {
        for (int block = first; block <= last; block++)
        {
            _steps[block]++;
            BlockRange range = _model.Layout.Ranges[block];
            if (_weightDecay > 0 && range.UndecayedStart > range.Start)
            {
                _model.Parameters.narrow(0, range.Start, range.UndecayedStart - range.Start).mul_(1 - rate * _weightDecay);
            }
        }

        long start = _model.Layout.Ranges[first].Start, length = _model.Layout.Ranges[last].End - start;
        torch.Tensor[] moments = [.. _moments.Select(m => m!.narrow(0, start - Start, length))];
        Update(_model.Parameters.narrow(0, start, length), _model.Gradients.narrow(0, start, length), moments, _steps[first], rate);
    }

    private void Clip()
    {
        if (_maxGradNorm <= 0)
        {
            return;
        }

        torch.Tensor gradients = Tail(_model.Gradients);
        double norm = gradients.norm().item<float>();
        if (norm > _maxGradNorm)
        {
            gradients.mul_(_maxGradNorm / norm);
        }
    }

    private torch.Tensor Tail(torch.Tensor flat) => flat.narrow(0, Start, _model.Layout.ParameterElements - Start);
}
