using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Checkpoints;

/// <summary>
/// Knows the best epoch so far and, where the best epoch is exported, keeps its weights. Of equal epochs the first is
/// the best.
/// </summary>
internal sealed class BestTracker(Objective objective, TrainableModel model) : IDisposable
{
    private torch.Tensor? _parameters;
    private torch.Tensor? _buffers;

    /// <summary>Report of the best epoch, without times; null before the first.</summary>
    public EpochReport? Best { get; private set; }

    /// <summary>Report of the last epoch, without times; null before the first.</summary>
    public EpochReport? Last { get; private set; }

    /// <summary>Epochs since the best one.</summary>
    public int EpochsWithoutImprovement { get; private set; }

    /// <summary>Report of the epoch that is exported.</summary>
    public EpochReport? Exported => objective.BestEpoch ? Best : Last;

    /// <summary>Confusion matrix of the epoch that is exported; null before the first and with too many classes.</summary>
    public ConfusionMatrix? Confusion { get; private set; }

    /// <summary>Takes in the report of an epoch; the model still has its weights.</summary>
    /// <param name="report">Its metrics.</param>
    /// <param name="confusion">Its confusion matrix; null with too many classes.</param>
    public void Observe(EpochReport report, ConfusionMatrix? confusion)
    {
        Last = report with { Seconds = 0, ExamplesPerSecond = null, PeakDeviceBytes = null };
        if (Best is not null && !Improves(objective.Of(report), objective.Of(Best)))
        {
            EpochsWithoutImprovement++;
            Confusion = objective.BestEpoch ? Confusion : confusion;
            return;
        }

        (Best, EpochsWithoutImprovement, Confusion) = (Last, 0, confusion);
        if (objective.BestEpoch)
        {
            Keep();
        }
    }

    /// <summary>Takes over what a checkpoint holds; the weights of the best epoch are copied by <paramref name="copy"/>.</summary>
    public void Restore(EpochReport best, EpochReport last, int epochsWithoutImprovement, ConfusionMatrix? confusion, Action<string, torch.Tensor> copy)
    {
        (Best, Last, EpochsWithoutImprovement, Confusion) = (best, last, epochsWithoutImprovement, confusion);
        if (!objective.BestEpoch)
        {
            return;
        }

        Keep();
        foreach ((TensorSpec spec, torch.Tensor view) in model.Layout.Views(_parameters!, _buffers!))
        {
            copy(spec.Stored(model.Naming), view);
            view.Dispose();
        }
    }

    /// <summary>The exported tensors by the names that the weights came with, on the CPU, in the current dispose scope.</summary>
    public IEnumerable<KeyValuePair<string, torch.Tensor>> ExportedTensors() =>
        model.Layout.Views(_parameters ?? model.Parameters, _buffers ?? model.Buffers)
            .Select(t => KeyValuePair.Create(t.Spec.Stored(model.Naming), t.View.cpu()));

    public void Dispose()
    {
        _parameters?.Dispose();
        _buffers?.Dispose();
    }

    private bool Improves(double? value, double? best) => value is { } v && (best is not { } b || objective.IsBetter(v, b));

    private void Keep()
    {
        using IDisposable noGrad = torch.no_grad();
        _parameters ??= torch.empty_like(model.Parameters).DetachFromDisposeScope();
        _buffers ??= torch.empty_like(model.Buffers).DetachFromDisposeScope();
        _parameters.copy_(model.Parameters);
        _buffers.copy_(model.Buffers);
    }
}
