using HyperSearch.Core.Hyperparameters;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Optimization;
using TorchSharp;

namespace HyperSearch.Training;

/// <summary>Trains a model for one epoch. Everything random in it follows from the training seed and the epoch.</summary>
internal sealed class EpochTrainer : IDisposable
{
    private readonly TrainingRequest _request;
    private readonly TrainableModel _model;
    private readonly FlatOptimizer _optimizer;
    private readonly ExampleSplit _split;
    private readonly Batches _batches;
    private readonly torch.Tensor? _classWeights;
    private readonly LossGradients _gradients;
    private readonly LearningRateSchedule _schedule;
    private readonly BatchPiece[] _pieces;
    private readonly long[] _order;
    private readonly bool _mirrors;
    private readonly TimeProvider _time;

    /// <param name="request">How to train.</param>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">Its optimizer.</param>
    /// <param name="split">The examples.</param>
    /// <param name="batches">How they become batches.</param>
    /// <param name="microBatch">Most examples of a forward pass.</param>
    /// <param name="mirrors">Whether augmentation may mirror images.</param>
    /// <param name="time">The clock of the waiting for batches.</param>
    public EpochTrainer(
        TrainingRequest request, TrainableModel model, FlatOptimizer optimizer, ExampleSplit split, Batches batches, int microBatch, bool mirrors, TimeProvider time)
    {
        ParameterSet parameters = request.Parameters;
        (_request, _model, _optimizer, _split, _batches, _mirrors, _time) = (request, model, optimizer, split, batches, mirrors, time);
        StepsPerEpoch = LearningRateSchedule.StepsPerEpoch(split.Count, parameters.BatchSize, request.Family.HasBatchNorm);
        _pieces = BatchPiece.OfEpoch(split.Count, StepsPerEpoch, parameters.BatchSize, microBatch);
        _order = new long[split.Count];
        _schedule = new(parameters.LrSchedule, (long)StepsPerEpoch * parameters.Epochs, parameters.WarmupRatio);
        _classWeights = request.ClassWeights == "balanced" ? BalancedWeights(split, model) : null;
        _gradients = new(model, parameters.LabelSmoothing, _classWeights);
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
    /// <param name="features">The training split as the output of the frozen blocks, where that is cached; null for the split itself.</param>
    public EpochFit Run(int epoch, Action batchFinished, CancellationToken cancellationToken, ExampleSplit? features = null)
    {
        ulong seed = (ulong)_request.Seed;
        int frozen = FrozenBlocks(_request.Parameters, epoch);
        _optimizer.Thaw(frozen);
        ForwardMode mode = new(Training: true, frozen, _request.Parameters.Dropout);
        LightAugmentation? augmentation = _request.Augmentation == "light" && _model.Config.Images is not null ? new(seed, epoch, _mirrors) : null;
        torch.manual_seed((long)Seeds.Derive(seed, SeedPurpose.Dropout, epoch));
        using DisposeScope scope = torch.NewDisposeScope();
        ExampleSplit split = features ?? _split;
        using BatchLoader loader = new(_batches, split, Order(split, seed, epoch), _pieces, augmentation, _time);
        double lossSum = 0, rate = 0;
        int next = 0;
        for (int step = 0; step < StepsPerEpoch; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double loss = Accumulate(loader, ref next, mode);
            rate = _request.Parameters.LearningRate * _schedule.Factor((long)epoch * StepsPerEpoch + step);
            if (!double.IsFinite(loss))
            {
                return new(loss, rate, Diverged: true, loader.Waited);
            }

            _optimizer.Step(rate);
            lossSum += loss;
            batchFinished();
        }

        return new(lossSum / _split.Count, rate, Diverged: false, loader.Waited);
    }

    public void Dispose() => _classWeights?.Dispose();

    /// <summary>Gradients of a batch, piece by piece, divided by the batch's example count. Returns the sum of losses.</summary>
    private double Accumulate(BatchLoader loader, ref int next, ForwardMode mode)
    {
        _optimizer.ZeroGradients();
        double sum = 0;
        BatchPiece piece;
        do
        {
            piece = _pieces[next++];
            using DisposeScope scope = torch.NewDisposeScope();
            using Batch batch = loader.Next();
            sum += _gradients.Add(batch, piece.Step, mode);
        }
        while (!piece.EndsStep);
        return sum;
    }

    // The places of a split are shuffled, whatever rows stand there: features are in the order of their split.
    private long[] Order(ExampleSplit split, ulong seed, int epoch)
    {
        split.CopyIndicesTo(_order);
        SeededGenerator generator = Seeds.Generator(seed, SeedPurpose.Order, epoch);
        generator.Shuffle<long>(_order);
        return _order;
    }

    // n / (classes * examples of the class); a class without examples has no weight.
    private static torch.Tensor BalancedWeights(ExampleSplit split, TrainableModel model)
    {
        List<long>[] byClass = split.RowsByClass(model.Config.Labels.Length);
        float[] weights = [.. byClass.Select(rows => rows.Count == 0 ? 0 : split.Count / (float)(byClass.Length * (long)rows.Count))];
        return torch.tensor(weights, device: model.Parameters.device).DetachFromDisposeScope();
    }
}
