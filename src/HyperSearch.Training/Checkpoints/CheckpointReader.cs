using System.Text.Json;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Optimization;
using HyperSearch.Training.Safetensors;

namespace HyperSearch.Training.Checkpoints;

/// <summary>Reads a checkpoint back into model, optimizer and best epoch.</summary>
internal sealed class CheckpointReader
{
    private readonly string _folder;

    private CheckpointReader(string folder, ResumeState state)
    {
        _folder = folder;
        State = state;
    }

    /// <summary>What the checkpoint says.</summary>
    public ResumeState State { get; }

    /// <summary>Opens a checkpoint folder.</summary>
    /// <exception cref="TrainingException">It is missing or damaged; names the file.</exception>
    public static CheckpointReader Open(string folder)
    {
        string path = CheckpointLayout.State(folder);
        try
        {
            ResumeState? state = JsonSerializer.Deserialize<ResumeState>(File.ReadAllBytes(path), ResumeState.Json);
            return state?.Format == ResumeState.CurrentFormat
                ? new(folder, state)
                : throw new TrainingException(FailureKind.Internal, $"{path} has format {state?.Format}; this version reads {ResumeState.CurrentFormat}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TrainingException(FailureKind.Internal, $"{path}: the checkpoint cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Refuses a checkpoint of another trial, of other weights or of other data.</summary>
    public void Check(TrainingRequest request, LoadedModel start, string datasetHash)
    {
        string? wrong = State switch
        {
            _ when State.Epoch != request.FromEpoch => $"is of epoch {State.Epoch}, not {request.FromEpoch}",
            _ when State.Family != request.Family.Name => $"is of a {State.Family}",
            _ when State.Seed != request.Seed => "is of another training seed",
            _ when State.Steps.Length != request.Family.Blocks + 1 => "has another number of blocks",
            _ when State.FirstTrainedBlock != EpochTrainer.FrozenBlocks(request.Parameters, State.Epoch - 1) => "was frozen otherwise",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new TrainingException(FailureKind.Internal, $"The checkpoint {_folder} {wrong}.");
        }

        if (State.BaseWeights != start.WeightsHash || State.BaseConfig != start.ConfigHash)
        {
            throw new TrainingException(FailureKind.DatasetError, $"The weights in {request.WeightsFolder}, or their configuration, changed since the checkpoint {_folder} was written.");
        }

        if (State.Dataset != datasetHash)
        {
            throw new TrainingException(FailureKind.DatasetError, $"The dataset in {request.Dataset.Folder} changed since the checkpoint {_folder} was written.");
        }
    }

    /// <summary>Puts tensors and counters back.</summary>
    public void Restore(TrainableModel model, FlatOptimizer optimizer, BestTracker best)
    {
        using SafetensorsFile tensors = SafetensorsFile.Open(CheckpointLayout.StateTensors(_folder));
        foreach (TensorSpec spec in model.Layout.Specs.Where(s => s.Block >= State.FirstTrainedBlock))
        {
            tensors.CopyTo(spec.Name, model[spec.Name]);
        }

        optimizer.Thaw(State.FirstTrainedBlock);
        optimizer.Restore(State.Steps, (i, moment) => tensors.CopyTo(CheckpointLayout.Moment(i), moment));
        using SafetensorsFile exported = SafetensorsFile.Open(Path.Combine(CheckpointLayout.Best(_folder), WeightsFolder.SingleFile));
        best.Restore(State.Best, State.Last, State.EpochsWithoutImprovement, Confusion(), exported.CopyTo);
    }

    private ConfusionMatrix? Confusion()
    {
        try
        {
            return ConfusionMatrix.Read(CheckpointLayout.Best(_folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TrainingException(FailureKind.Internal, $"{_folder}: the confusion matrix cannot be read: {exception.Message}", exception);
        }
    }
}
