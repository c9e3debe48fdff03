using System.Collections.Immutable;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>A valid study with every default resolved and every type inferred: the one input of all rules. Stored as JSON.</summary>
public sealed record StudySpec
{
    /// <summary>Unique among all undeleted studies.</summary>
    public required string Name { get; init; }

    /// <summary>Model name of the catalogue, or the family's name where a request names family and weights.</summary>
    public required StudyModel Model { get; init; }

    /// <summary>The data; null for the synthetic family.</summary>
    public StudyDataset? Dataset { get; init; }

    /// <summary>Metric, direction and summary.</summary>
    public Objective Objective { get; init; } = new();

    /// <summary>Sampler and scheduler with their options.</summary>
    public required StudyAlgorithm Algorithm { get; init; }

    /// <summary>Searched domains and constants.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>N: searched trials, at most the distinct configurations of a finite space; with <c>hyperband</c> those of all brackets.</summary>
    public required int Trials { get; init; }

    /// <summary>Whether N was lowered to the number of distinct configurations.</summary>
    public bool SpaceExhausted { get; init; }

    /// <summary>Trials assigned at the same time, or null for no limit. The baseline counts.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Epochs the whole study may execute, or null.</summary>
    public long? MaxEpochsTotal { get; init; }

    /// <summary>Device seconds the whole study may use, or null.</summary>
    public double? MaxDeviceSeconds { get; init; }

    /// <summary>Wall-clock seconds without paused time, or null.</summary>
    public double? MaxDurationS { get; init; }

    /// <summary>Ends the study once a completed trial is at least this good, or null.</summary>
    public double? Target { get; init; }

    /// <summary>Ends the study after that many completed trials without a better best, or null.</summary>
    public int? PatienceTrials { get; init; }

    /// <summary>The study fails when more trials than this have failed; default <see cref="DefaultMaxFailedTrials"/>.</summary>
    public required int MaxFailedTrials { get; init; }

    /// <summary>max(3, ceil(N/10)).</summary>
    /// <param name="trials">N.</param>
    public static int DefaultMaxFailedTrials(int trials) => Math.Max(3, (trials + 9) / 10);

    /// <summary>0..2^53-1.</summary>
    public required long Seed { get; init; }

    /// <summary>Whether every trial trains with a seed of its own; default false: one shared training seed.</summary>
    public bool SeedPerTrial { get; init; }

    /// <summary>Whether one more trial, number -1, runs the defaults; default true, and false with <c>one_at_a_time</c>, whose trial 0 runs them.</summary>
    public bool Baseline { get; init; } = true;

    /// <summary>The trial that runs the defaults: -1, or trial 0 of <c>one_at_a_time</c>.</summary>
    public int BaselineNumber => Algorithm.Name == SamplerCatalog.OneAtATime ? 0 : Trial.BaselineNumber;

    /// <summary>The runs with fresh seeds after the search; null = none.</summary>
    public StudyConfirm? Confirm { get; init; }

    /// <summary>Whether a probe scores the model's depths before the search; default false.</summary>
    public bool Probe { get; init; }

    /// <summary>One of <see cref="Precisions"/>; default <c>fp32</c>.</summary>
    public string Precision { get; init; } = Precisions.Fp32;

    /// <summary>The precision that a worker must have to be given its trials; null for the synthetic family, which computes with no tensors.</summary>
    public string? NeededPrecision => Model.Family.NeedsDataset ? Precision : null;

    /// <summary><c>none</c> (default) or <c>light</c>.</summary>
    public string Augmentation { get; init; } = "none";

    /// <summary><c>none</c> (default) or <c>balanced</c>; of the training loss only.</summary>
    public string ClassWeights { get; init; } = "none";

    /// <summary>Epochs without improvement after which a trial ends; 0 = off.</summary>
    public int EarlyStoppingPatience { get; init; }

    /// <summary>Largest gradient norm; 0 = no clipping.</summary>
    public double MaxGradNorm { get; init; }

    /// <summary>Completed trials whose checkpoints are kept; default 1.</summary>
    public int KeepTop { get; init; } = 1;

    /// <summary>The pool of workers; default <c>default</c>.</summary>
    public string Pool { get; init; } = "default";

    /// <summary>Higher is offered slots first; default 0.</summary>
    public int Priority { get; init; }

    /// <summary>Labels for filters.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>One line for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Longer text for people, or null.</summary>
    public string? Notes { get; init; }

    /// <summary>The training seed of a trial: shared by all, or mixed from the study's seed and the number; 0..2^53-1.</summary>
    /// <param name="number">The trial's number; -1 is the baseline.</param>
    public long TrainingSeed(int number) => SeedPerTrial
        ? (long)(StableMix.Hash(Seed, "training_seed", number) >> 11)
        : Seed;
}
