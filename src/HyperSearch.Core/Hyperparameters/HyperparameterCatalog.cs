using System.Collections.Frozen;
using System.Collections.Immutable;

namespace HyperSearch.Core.Hyperparameters;

/// <summary>The seven hyperparameters that decide a fine-tuning, and their companions.</summary>
public static class HyperparameterCatalog
{
    /// <summary>Peak learning rate of the head.</summary>
    public static Hyperparameter LearningRate { get; } = new(0, "learning_rate", HyperparameterKind.Real,
        "Peak rate of the head; a block at distance d gets learning_rate * layer_lr_decay^d.")
    { Minimum = 0, MinimumExcluded = true, LogByNature = true };

    /// <summary>Examples per optimizer step.</summary>
    public static Hyperparameter BatchSize { get; } = new(1, "batch_size", HyperparameterKind.Whole,
        "Examples per optimizer step, whatever the micro-batch.")
    { Minimum = 1, Maximum = 4096 };

    /// <summary>Passes over the training split; the resource.</summary>
    public static Hyperparameter Epochs { get; } = new(2, "epochs", HyperparameterKind.Whole,
        "Passes over the training split; the resource of multi-fidelity algorithms.")
    { Minimum = 1, Maximum = 10_000 };

    /// <summary>Dropout probability.</summary>
    public static Hyperparameter Dropout { get; } = new(3, "dropout", HyperparameterKind.Real,
        "Every dropout outside frozen blocks, and before the head.")
    { Minimum = 0, Maximum = 1, MaximumExcluded = true };

    /// <summary>Decoupled weight decay.</summary>
    public static Hyperparameter WeightDecay { get; } = new(4, "weight_decay", HyperparameterKind.Real,
        "Decoupled: weight *= 1 - rate_now * weight_decay; not on biases and norm parameters.")
    { Minimum = 0, LogByNature = true };

    /// <summary>Shape of the learning rate over the steps.</summary>
    public static Hyperparameter LrSchedule { get; } = new(5, "lr_schedule", HyperparameterKind.Choice,
        "How the rate moves over all steps of the trial's epochs.")
    { Choices = ["constant", "linear", "cosine", "step", "exponential", "one_cycle"] };

    /// <summary>Leading blocks frozen at the start.</summary>
    public static Hyperparameter FrozenBlocks { get; } = new(6, "frozen_blocks", HyperparameterKind.Whole,
        "Leading blocks frozen at the start; 0 = none, the family's block count = head only.")
    { Minimum = 0 };

    /// <summary>Thawing interval in epochs.</summary>
    public static Hyperparameter UnfreezeEvery { get; } = new(7, "unfreeze_every", HyperparameterKind.Whole,
        "0 = never; k: one more block, from the head down, thaws at the start of the 0-based epochs k, 2k, ...")
    { Companion = true, Minimum = 0, Maximum = 10_000 };

    /// <summary>The optimizer.</summary>
    public static Hyperparameter Optimizer { get; } = new(8, "optimizer", HyperparameterKind.Choice,
        "AdamW, or SGD with momentum.")
    { Companion = true, Choices = ["adamw", "sgd"] };

    /// <summary>Momentum of SGD.</summary>
    public static Hyperparameter Momentum { get; } = new(9, "momentum", HyperparameterKind.Real,
        "Momentum of sgd; without meaning for adamw.")
    { Companion = true, Minimum = 0, Maximum = 1, MaximumExcluded = true };

    /// <summary>Share of all steps that warm up.</summary>
    public static Hyperparameter WarmupRatio { get; } = new(10, "warmup_ratio", HyperparameterKind.Real,
        "Share of all steps in which the rate rises linearly; without meaning for one_cycle.")
    { Companion = true, Minimum = 0, Maximum = 1, MaximumExcluded = true };

    /// <summary>Layer-wise decay of the rate.</summary>
    public static Hyperparameter LayerLrDecay { get; } = new(11, "layer_lr_decay", HyperparameterKind.Real,
        "Factor on the rate per block of distance from the head (head 0, last block 1).")
    { Companion = true, Minimum = 0, MinimumExcluded = true, Maximum = 1 };

    /// <summary>Label smoothing of the training loss.</summary>
    public static Hyperparameter LabelSmoothing { get; } = new(12, "label_smoothing", HyperparameterKind.Real,
        "Label smoothing of the training loss; validation losses are unsmoothed.")
    { Companion = true, Minimum = 0, Maximum = 1, MaximumExcluded = true };

    /// <summary>All of them: the seven, then the companions.</summary>
    public static ImmutableArray<Hyperparameter> All { get; } =
    [
        LearningRate, BatchSize, Epochs, Dropout, WeightDecay, LrSchedule, FrozenBlocks,
        UnfreezeEvery, Optimizer, Momentum, WarmupRatio, LayerLrDecay, LabelSmoothing,
    ];

    private static readonly FrozenDictionary<string, Hyperparameter> ByName = All.ToFrozenDictionary(h => h.Name);

    /// <summary>The hyperparameter of that name, or null.</summary>
    /// <param name="name">The exact name, in snake_case.</param>
    public static Hyperparameter? Find(string name) => ByName.GetValueOrDefault(name);
}
