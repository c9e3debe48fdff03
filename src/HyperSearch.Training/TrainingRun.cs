using HyperSearch.Core.Trials;
using HyperSearch.Training.Checkpoints;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.FrozenPrefix;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Optimization;
using TorchSharp;

namespace HyperSearch.Training;

/// <summary>One segment of a trial: loads, resumes, trains epoch by epoch, reports and writes checkpoints.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int TrainSampleSize = 1000;

    private static readonly TimeSpan BetweenTendings = TimeSpan.FromSeconds(5);

    private readonly TrainingRequest _request;
    private readonly ITrainingObserver _observer;
    private readonly StopSignals _stop;
    private readonly TimeProvider _time;
    private readonly LabelledDataset _dataset;
    private readonly LoadedModel _loaded;
    private readonly FlatOptimizer _optimizer;
    private readonly BestTracker _best;
    private readonly Batches _batches;
    private readonly EpochTrainer _trainer;
    private readonly Evaluator _evaluator;
    private readonly CheckpointWriter _writer;
    private readonly ExampleSplit _train;
    private readonly ExampleSplit _trainSample;
    private readonly PrefixCache _prefix;
    private readonly TrainingFacts _facts;
    private readonly DeviceMemory? _deviceMemory = TorchRuntime.Device.type == DeviceType.CUDA ? new() : null;
    private CheckpointFolder? _checkpoint;
    private long _checkpointAt;
    private long? _tendedAt;

    public TrainingRun(TrainingRequest request, ITrainingObserver observer, StopSignals stop, TimeProvider time)
    {
        (_request, _observer, _stop, _time) = (request, observer, stop, time);
        try
        {
            SignOfLife life = new(observer.Preparing, stop.Now);
            WeightsFolder.CheckLinks(request.WeightsFolder, request.WeightsRoots, life);
            Preprocessing wanted = Preprocessing.Of(request.Family, request.WeightsFolder, request.Dataset.Options, request.Dataset.Format);
            _dataset = DatasetCache.Get(request.Dataset, wanted, observer.Preparing, stop.Now);
            RequireMetric(request, _dataset);
            int classes = _dataset.Labels.Length;
            _train = StratifiedDraw.Take(_dataset.Train, classes, request.MaxTrainExamples ?? int.MaxValue, _dataset.Seed);
            _trainSample = StratifiedDraw.Take(_train, classes, TrainSampleSize, Seeds.Derive(_dataset.Seed, SeedPurpose.TrainSample));
            _loaded = ModelLoader.ForTraining(request.Family, request.WeightsFolder, _dataset, (ulong)request.Seed, TorchRuntime.Device, life);
            _loaded.Model.Precision = Precision.Of(request.Precision);
            _loaded.Model.TrimsPadding = request.Parameters.FrozenBlocks == 0;
            _optimizer = FlatOptimizer.Create(_loaded.Model, request.Parameters, request.MaxGradNorm);
            _best = new(request.Objective, _loaded.Model);
            _batches = new(_loaded.Model.Config, TorchRuntime.Device);
            int? checkpointMicroBatch = request.FromEpoch > 0 ? Resume() : null;
            int microBatch = Math.Min(request.Parameters.BatchSize, request.MicroBatch ?? checkpointMicroBatch ?? int.MaxValue);
            _trainer = new(request, _loaded.Model, _optimizer, _train, _batches, microBatch, _dataset.Colour, time);
            int? reduced = microBatch < request.Parameters.BatchSize ? microBatch : null;
            _evaluator = new(_loaded.Model, _batches, reduced);
            _prefix = new(request, _loaded, _batches, _dataset.Key, Evaluator.PieceOf(reduced), observer.Preparing, time, stop.Now);
            _writer = new(request.CheckpointRoot, _loaded.Model, _optimizer, _best);
            _facts = Facts(microBatch, _train.Count);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs the segment.</summary>
    public TrainingResult Run()
    {
        _observer.Started(_facts);
        int epoch = _request.FromEpoch;
        try
        {
            while (true)
            {
                _stop.Now.ThrowIfCancellationRequested();
                if (Epoch(epoch) is not { } scored)
                {
                    return Result(epoch, TrainingEnd.Diverged) with { DivergedEpoch = epoch + 1 };
                }

                epoch = scored.Report.Epoch;
                _best.Observe(scored.Report, scored.Confusion);
                _observer.Reported(scored.Report);
                TrainingEnd? end = EndAfter(epoch);
                if (end is not null || CheckpointIsDue())
                {
                    Checkpoint(epoch);
                }

                if (end is { } reason)
                {
                    return Result(epoch, reason);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.Now.IsCancellationRequested)
        {
            return Result(epoch, TrainingEnd.StoppedNow);
        }
    }

    public void Dispose()
    {
        _trainer?.Dispose();
        _prefix?.Dispose();
        _batches?.Dispose();
        _best?.Dispose();
        _optimizer?.Dispose();
        _loaded?.Model.Dispose();
    }

    // Of every other metric each split has a value.
    private static void RequireMetric(TrainingRequest request, LabelledDataset dataset)
    {
        if (request.Objective.Metric != "val_auroc")
        {
            return;
        }

        if (dataset.Labels.Length != 2)
        {
            throw new TrainingException(FailureKind.BadParameters, $"val_auroc needs two classes; the dataset has {dataset.Labels.Length}.");
        }

        int missing = Array.FindIndex(dataset.Validation.RowsByClass(2), rows => rows.Count == 0);
        if (missing >= 0)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{request.Dataset.Folder}: val_auroc needs examples of both classes in the validation split; none of its {dataset.Validation.Count} is of class {DataFaults.Quote(dataset.Labels[missing])}.");
        }
    }

    private int Resume()
    {
        CheckpointReader checkpoint = CheckpointReader.Open(_request.ResumeFolder!);
        checkpoint.Check(_request, _loaded, _dataset.Hash);
        checkpoint.Restore(_loaded.Model, _optimizer, _best);
        return checkpoint.State.MicroBatch;
    }

    /// <summary>Trains and scores one epoch; null if it diverged.</summary>
    private (EpochReport Report, ConfusionMatrix? Confusion)? Epoch(int epoch)
    {
        long start = _time.GetTimestamp();
        // Augmented images differ from epoch to epoch; those that are only scored do not.
        ExampleSplit train = _request.Augmentation == "none" ? _prefix.Of(_train, epoch) : _train;
        EpochFit fit = _trainer.Run(epoch, _observer.BatchFinished, _stop.Now, train);
        if (fit.Diverged)
        {
            return null;
        }

        TimeSpan trained = _time.GetElapsedTime(start);
        _observer.DataWaited(epoch + 1, fit.Waited, trained);
        ClassificationMetrics validation = new(_evaluator.Score(_prefix.Of(_dataset.Validation, epoch), _observer.BatchFinished, _stop.Now));
        if (!double.IsFinite(validation.Loss))
        {
            return null;
        }

        TendMemory();
        ClassificationMetrics sample = new(_evaluator.Score(_prefix.Part(train, _train, _trainSample), _observer.BatchFinished, _stop.Now));
        EpochReport report = new()
        {
            Epoch = epoch + 1,
            ValLoss = validation.Loss,
            ValAccuracy = validation.Accuracy,
            ValBalancedAccuracy = validation.BalancedAccuracy,
            ValMacroF1 = validation.MacroF1,
            ValAuroc = validation.Auroc,
            TrainValue = sample.Of(_request.Objective.Metric) is { } value && double.IsFinite(value) ? value : null,
            FitLoss = fit.Loss,
            LearningRate = fit.Rate,
            Seconds = _time.GetElapsedTime(start).TotalSeconds,
            ExamplesPerSecond = trained > TimeSpan.Zero ? _facts.TrainExamples / trained.TotalSeconds : null,
            PeakDeviceBytes = _deviceMemory?.Peak,
        };
        return (report, validation.Confusion() is { } matrix ? new(epoch + 1, _dataset.Validation.Count, _dataset.Labels, matrix) : null);
    }

    private TrainingEnd? EndAfter(int epoch)
    {
        if (epoch == _request.ToEpoch)
        {
            return TrainingEnd.Completed;
        }

        if (_request.EarlyStoppingPatience > 0 && _best.EpochsWithoutImprovement >= _request.EarlyStoppingPatience)
        {
            return TrainingEnd.EarlyStopped;
        }

        return _stop.AtEpochEnd.IsCancellationRequested ? TrainingEnd.StoppedAtEpoch : null;
    }

    // Giving memory back and asking for the GPU's cost as much as some batches: not after every epoch of milliseconds.
    private void TendMemory()
    {
        if (_tendedAt is { } last && _time.GetElapsedTime(last) < BetweenTendings)
        {
            return;
        }

        FreedMemory.Return();
        _deviceMemory?.Look();
        _tendedAt = _time.GetTimestamp();
    }

    private bool CheckpointIsDue() =>
        _checkpoint is null || _time.GetElapsedTime(_checkpointAt).TotalSeconds >= _request.CheckpointIntervalSeconds;

    private void Checkpoint(int epoch)
    {
        ResumeState state = new()
        {
            Family = _request.Family.Name,
            Epoch = epoch,
            Seed = _request.Seed,
            BaseWeights = _loaded.WeightsHash,
            BaseConfig = _loaded.ConfigHash,
            Dataset = _dataset.Hash,
            FirstTrainedBlock = _optimizer.FirstBlock,
            Steps = [.. _optimizer.Steps],
            Best = _best.Best!,
            Last = _best.Last!,
            EpochsWithoutImprovement = _best.EpochsWithoutImprovement,
            MicroBatch = _facts.MicroBatch,
            Threads = _facts.Threads,
            Cpu = _facts.Cpu,
            Libtorch = _facts.Libtorch,
        };
        string card = ModelCard.Write(_request, _facts, _best.Exported!, _dataset.Labels, _loaded.WeightsHash, _dataset.Hash);
        _checkpoint = _writer.Write(state, card);
        _checkpointAt = _time.GetTimestamp();
        _observer.CheckpointWritten(_checkpoint);
    }

    private TrainingFacts Facts(int microBatch, int trainExamples) => new()
    {
        MicroBatch = microBatch,
        BatchNormMicro = _request.Family.TrainsBatchNorm(_request.Parameters) && microBatch < _request.Parameters.BatchSize,
        Threads = _request.Threads,
        Cpu = TorchRuntime.Cpu,
        Libtorch = TorchRuntime.Version,
        Device = TorchRuntime.Device.type.ToString().ToLowerInvariant(),
        HeadKept = _loaded.HeadKept,
        TrainExamples = trainExamples,
        ValidationExamples = _dataset.Validation.Count,
    };

    private TrainingResult Result(int epoch, TrainingEnd end) => new() { ReachedEpoch = epoch, End = end, Checkpoint = _checkpoint };
}
