using HyperSearch.Core.Hyperparameters;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Optimization;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training;

/// <summary>Trains a model for one epoch. Everything random in it follows from the training seed and the epoch.</summary>
internal sealed class EpochTrainer : IDisposable
{
    private readonly TrainingRequest _request;
    private readonly TrainableModel _model;
    private readonly FlatOptimizer _optimizer;
    private readonly ImageSplit _split;
    private readonly Batches _batches;
    private readonly torch.Tensor? _classWeights;
    private readonly LearningRateSchedule _schedule;
    private readonly int _microBatch;

    public EpochTrainer(TrainingRequest request, TrainableModel model, FlatOptimizer optimizer, ImageSplit split, Batches batches, int microBatch)
    {
        ParameterSet parameters = request.Parameters;
        (_request, _model, _optimizer, _split, _batches, _microBatch) = (request, model, optimizer, split, batches, microBatch);
        StepsPerEpoch = LearningRateSchedule.StepsPerEpoch(split.Count, parameters.BatchSize, request.Family.HasBatchNorm);
        _schedule = new(parameters.LrSchedule, (long)StepsPerEpoch * parameters.Epochs, parameters.WarmupRatio);
        _classWeights = request.ClassWeights == "balanced" ? BalancedWeights(split, model) : null;
    }

    /// <summary>Optimizer steps of one epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Leading blocks that are frozen in an epoch: one less after every <c>unfreeze_every</c> epochs.</summary>
    /// <param name="parameters">The trial's parameters.</param>
    /// <param name="epoch">0-based epoch.</param>
    public static int FrozenBlocks(ParameterSet parameters, int epoch) => parameters.UnfreezeEvery == 0
        ? parameters.FrozenBlocks
        : Math.Max(0, parameters.FrozenBlocks - epoch / parameters.UnfreezeEvery);

    /// <summary>One pass over the training split.</summary>
    /// <param name="epoch">0-based epoch.</param>
    /// <param name="batchFinished">Called after every step.</param>
    /// <param name="cancellationToken">Ends it at the next batch.</param>
    public EpochFit Run(int epoch, Action batchFinished, CancellationToken cancellationToken)
    {
        ulong seed = (ulong)_request.Seed;
        int frozen = FrozenBlocks(_request.Parameters, epoch);
        _optimizer.Thaw(frozen);
        ForwardMode mode = new(Training: true, frozen, _request.Parameters.Dropout);
        LightAugmentation? augmentation = _request.Augmentation == "light" ? new(seed, epoch) : null;
        torch.manual_seed((long)Seeds.Derive(seed, SeedPurpose.Dropout, epoch));
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor order = Order(seed, epoch);
        double lossSum = 0, rate = 0;
        for (int step = 0; step < StepsPerEpoch; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = step * _request.Parameters.BatchSize;
            int end = step == StepsPerEpoch - 1 ? _split.Count : start + _request.Parameters.BatchSize;
            double loss = Accumulate(order, start, end, mode, augmentation);
            rate = _request.Parameters.LearningRate * _schedule.Factor((long)epoch * StepsPerEpoch + step);
            if (!double.IsFinite(loss))
            {
                return new(loss, rate, Diverged: true);
            }

            _optimizer.Step(rate);
            lossSum += loss;
            batchFinished();
        }

        return new(lossSum / _split.Count, rate, Diverged: false);
    }

    public void Dispose() => _classWeights?.Dispose();

    /// <summary>Gradients of a batch, micro-batch by micro-batch, divided by the batch's example count. Returns the sum of losses.</summary>
    private double Accumulate(torch.Tensor order, int start, int end, ForwardMode mode, LightAugmentation? augmentation)
    {
        _optimizer.ZeroGradients();
        double sum = 0;
        for (int from = start; from < end;)
        {
            // As with batches, a single last example joins the ones before.
            int to = end - from - _microBatch == 1 && _microBatch > 1 ? end : Math.Min(end, from + _microBatch);
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor rows = order.narrow(0, from, to - from);
            torch.Tensor logits = _model.Forward(_batches.Images(_split, rows, augmentation), mode);
            torch.Tensor loss = F.cross_entropy(logits, _batches.Labels(_split, rows), _classWeights,
                reduction: torch.nn.Reduction.Sum, label_smoothing: _request.Parameters.LabelSmoothing);
            sum += loss.item<float>();
            loss.div(end - start).backward();
            from = to;
        }

        return sum;
    }

    private torch.Tensor Order(ulong seed, int epoch)
    {
        long[] rows = _split.CopyIndices();
        SeededGenerator generator = Seeds.Generator(seed, SeedPurpose.Order, epoch);
        generator.Shuffle<long>(rows);
        return torch.tensor(rows);
    }

    // n / (classes * examples of the class); a class without examples has no weight.
    private static torch.Tensor BalancedWeights(ImageSplit split, TrainableModel model)
    {
        List<long>[] byClass = split.RowsByClass(model.Config.Labels.Length);
        float[] weights = [.. byClass.Select(rows => rows.Count == 0 ? 0 : split.Count / (float)(byClass.Length * (long)rows.Count))];
        return torch.tensor(weights, device: model.Parameters.device).DetachFromDisposeScope();
    }
}
