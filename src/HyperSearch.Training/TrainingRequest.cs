using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training;

/// <summary>One segment of a trial: which model on which data, how, and from which epoch to which.</summary>
public sealed record TrainingRequest
{
    /// <summary>The architecture, with the block count of this model.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>Folder with <c>config.json</c> and <c>model.safetensors</c>; null trains from scratch.</summary>
    public string? WeightsFolder { get; init; }

    /// <summary>The data.</summary>
    public required DatasetSource Dataset { get; init; }

    /// <summary>Folders that links inside the weights folder may lead into, besides its own; default null: anywhere, for weights that an operator named.</summary>
    public IReadOnlyList<string>? WeightsRoots { get; init; }

    /// <summary>Whether the output of frozen blocks is kept beside decoded data, where that pays; default true. False is for measuring what it saves.</summary>
    public bool KeepsFeatures { get; init; } = true;

    /// <summary>Trains on that many examples, drawn by a constant seed within each class; null for all.</summary>
    public int? MaxTrainExamples { get; init; }

    /// <summary>All hyperparameters; <c>epochs</c> is the horizon of schedule and thawing, not of this segment.</summary>
    public required ParameterSet Parameters { get; init; }

    /// <summary>What counts as better, and whether the best or the last epoch is exported.</summary>
    public required Objective Objective { get; init; }

    /// <summary>Training seed: head initialisation, order, augmentation and dropout follow from it and the epoch.</summary>
    public required long Seed { get; init; }

    /// <summary>Finished epochs at the start of the segment; 0 starts anew.</summary>
    public required int FromEpoch { get; init; }

    /// <summary>Finished epochs at the end of the segment; more than <see cref="FromEpoch"/>, at most the trial's epochs.</summary>
    public required int ToEpoch { get; init; }

    /// <summary>The checkpoint folder of epoch <see cref="FromEpoch"/> (<see cref="CheckpointFolder.Path"/>); required when that is above 0.</summary>
    public string? ResumeFolder { get; init; }

    /// <summary>Folder under which a folder per checkpoint is made, named after its epoch.</summary>
    public required string CheckpointRoot { get; init; }

    /// <summary>Seconds between two checkpoints inside a segment; default 30, 0 = every epoch. The first epoch end writes one in any case.</summary>
    public double CheckpointIntervalSeconds { get; init; } = 30;

    /// <summary>Examples per forward pass; null takes the checkpoint's, else the batch size.</summary>
    public int? MicroBatch { get; init; }

    /// <summary><c>none</c> (default) or <c>light</c>: shifts by up to a fourteenth of the side; colour images are mirrored at random.</summary>
    public string Augmentation { get; init; } = "none";

    /// <summary><c>none</c> (default) or <c>balanced</c>: the training loss weighs a class by n / (classes * its examples).</summary>
    public string ClassWeights { get; init; } = "none";

    /// <summary>Epochs without improvement of the objective after which the trial ends; 0 = off.</summary>
    public int EarlyStoppingPatience { get; init; }

    /// <summary>Largest norm of the whole gradient; 0 = no clipping.</summary>
    public double MaxGradNorm { get; init; }

    /// <summary>One of <see cref="Precisions"/>, for training and scoring; default <c>fp32</c>.</summary>
    public string Precision { get; init; } = Precisions.Fp32;

    /// <summary>Threads of the tensor library; default 1.</summary>
    public int Threads { get; init; } = 1;
}
