using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Training.Checkpoints;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Safetensors;
using System.Text.Json;
using TorchSharp;

namespace HyperSearch.Training.Tests;

/// <summary>Trains small trials in a temporary folder.</summary>
public abstract class TrialFixture : IDisposable
{
    private int _trials;

    private protected TrialFixture() => Dataset = TinyDataset.Write(Folder["data"]);

    private protected TemporaryFolder Folder { get; } = new();

    protected string Dataset { get; set; }

    /// <summary>Plain SGD at a constant rate of 0.1, two epochs, batches of 8: everything else off.</summary>
    protected static ParameterSet Plain { get; } = Parameters(
        (HyperparameterCatalog.LearningRate, 0.1), (HyperparameterCatalog.BatchSize, 8), (HyperparameterCatalog.Epochs, 2),
        (HyperparameterCatalog.Dropout, 0), (HyperparameterCatalog.WeightDecay, 0), (HyperparameterCatalog.LrSchedule, (int)LearningRateScheduleKind.Constant),
        (HyperparameterCatalog.Optimizer, (int)OptimizerKind.Sgd), (HyperparameterCatalog.Momentum, 0));

    protected static ParameterSet Parameters(params (Hyperparameter Name, double Value)[] values) =>
        values.Aggregate(ModelFamilyCatalog.Convnet.Defaults, (set, v) => set.With(v.Name, v.Value));

    protected static double Last(IReadOnlyList<double> values) => values[^1];

    /// <summary>A whole trial from epoch 0, from scratch, with a checkpoint root of its own.</summary>
    protected TrainingRequest Request(ParameterSet parameters) => new()
    {
        Family = ModelFamilyCatalog.Convnet,
        Dataset = Data(Dataset),
        Parameters = parameters,
        Objective = new Objective { BestEpoch = false },
        Seed = 7,
        FromEpoch = 0,
        ToEpoch = parameters.Epochs,
        CheckpointRoot = NewRoot(),
    };

    /// <summary>Data whose decoded form is kept in the temporary folder.</summary>
    protected DatasetSource Data(string folder, string format = DatasetFormat.Idx, DatasetOptions? options = null) =>
        new() { Folder = folder, Format = format, Options = options ?? DatasetOptions.Default, CacheFolder = Folder["cache"] };

    protected string NewRoot() => Folder[$"trial-{_trials++}"];

    private protected static (TrainingResult Result, RecordingObserver Observer) Train(TrainingRequest request, RecordingObserver? observer = null)
    {
        observer ??= new();
        return (FineTuning.Train(request, observer, StopSignals.None), observer);
    }

    /// <summary>The checkpoint of a whole trial.</summary>
    protected static CheckpointFolder Checkpoint(TrainingRequest request) => Train(request).Result.Checkpoint.ShouldNotBeNull();

    private protected static ResumeState State(CheckpointFolder checkpoint) =>
        JsonSerializer.Deserialize<ResumeState>(File.ReadAllText(CheckpointLayout.State(checkpoint.Path)), ResumeState.Json)!;

    /// <summary>The tensor's values in the exported model.</summary>
    protected static float[] Exported(CheckpointFolder checkpoint, string tensor) =>
        Values(Path.Combine(checkpoint.Path, "best", "model.safetensors"), tensor);

    protected static float[] Values(string file, string tensor)
    {
        using SafetensorsFile tensors = SafetensorsFile.Open(file);
        using torch.Tensor values = torch.zeros(tensors.Find(tensor)!.Shape.AsSpan());
        tensors.CopyTo(tensor, values);
        return values.data<float>().ToArray();
    }

    /// <summary>A weights folder with the initial weights of a seed: what a trial without steps would export.</summary>
    protected string InitialWeights(ParameterSet parameters)
    {
        CheckpointFolder checkpoint = Checkpoint(Request(parameters.With(HyperparameterCatalog.LearningRate, 1e-30).With(HyperparameterCatalog.WeightDecay, 0)));
        return Path.Combine(checkpoint.Path, "best");
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
