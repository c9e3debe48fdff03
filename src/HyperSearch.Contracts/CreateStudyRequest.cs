using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>What <c>POST /v1/studies</c> takes. Only <c>name</c>, <c>model</c> and (except for synthetic) <c>dataset</c> are required.</summary>
public sealed record CreateStudyRequest
{
    /// <summary>Unique among all undeleted studies: 1 to 63 of <c>a-z 0-9 . _ -</c>, not beginning with <c>st_</c>.</summary>
    public string? Name { get; init; }

    /// <summary>A name of the catalogue, or an object with <c>family</c>, <c>weights</c> and <c>blocks</c>, or the synthetic family with its options.</summary>
    public JsonElement? Model { get; init; }

    /// <summary>
    /// A name of the catalogue, or an object with <c>name</c> or <c>path</c>, <c>format</c> (<c>idx image_folder csv jsonl</c>),
    /// <c>max_train_examples</c>, <c>split</c> (the one that is trained on; default <c>train</c>); for texts <c>text_column</c> (<c>text</c>,
    /// else <c>sentence</c>), <c>text_pair_column</c>, <c>label_column</c> (<c>label</c>), <c>group_column</c> (its groups are never divided
    /// between training and validation), <c>max_length</c> (tokens; default the smaller of 128 and the model's limit); for images
    /// <c>image_size</c> (pixels; default the model's). Splits are told by the names of files and folders; without one for validation, a
    /// tenth of the training examples is cut off within each class, the same one for every study.
    /// </summary>
    public JsonElement? Dataset { get; init; }

    /// <summary>Metric, goal and summary; default validation loss, minimised, best epoch.</summary>
    public ObjectiveRequest? Objective { get; init; }

    /// <summary>A name, or an object with <c>name</c> and its options; default <c>random</c>.</summary>
    public JsonElement? Algorithm { get; init; }

    /// <summary>One member per searched parameter: <c>{values}</c>, <c>{min, max, scale, step, count}</c>, an array of values, or a constant. Default: the family's space.</summary>
    public IReadOnlyDictionary<string, JsonElement>? SearchSpace { get; init; }

    /// <summary>N: searched trials; default 20, a grid all its cells.</summary>
    public int? MaxTrials { get; init; }

    /// <summary>Trials assigned at the same time; default no limit.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Epochs the whole study may execute; default no limit.</summary>
    public long? MaxEpochsTotal { get; init; }

    /// <summary>Device seconds the whole study may use; default no limit.</summary>
    public double? MaxDeviceSeconds { get; init; }

    /// <summary>Seconds without paused time; default no limit.</summary>
    public double? MaxDurationS { get; init; }

    /// <summary>Ends the study once a completed trial is at least this good.</summary>
    public double? Target { get; init; }

    /// <summary>Ends the study after that many completed trials without a better best.</summary>
    public int? PatienceTrials { get; init; }

    /// <summary>The study fails when more trials than this have failed; default max(3, a tenth).</summary>
    public int? MaxFailedTrials { get; init; }

    /// <summary>0 to 2^53 - 1; drawn and echoed when absent.</summary>
    public long? Seed { get; init; }

    /// <summary><c>shared</c> (default) or <c>per_trial</c>.</summary>
    public string? SeedMode { get; init; }

    /// <summary>Whether one more trial runs the defaults; default true.</summary>
    public bool? Baseline { get; init; }

    /// <summary><c>fp32</c> (default) or <c>bf16</c>, which only workers that have it are given.</summary>
    public string? Precision { get; init; }

    /// <summary><c>none</c> (default) or <c>light</c>.</summary>
    public string? Augmentation { get; init; }

    /// <summary><c>none</c> (default) or <c>balanced</c>.</summary>
    public string? ClassWeights { get; init; }

    /// <summary>Epochs without improvement after which a trial ends; default 0, off.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>Largest gradient norm; default 0, no clipping.</summary>
    public double? MaxGradNorm { get; init; }

    /// <summary>Completed trials whose models are kept; default 1.</summary>
    public int? KeepTop { get; init; }

    /// <summary>Whether a linear probe scores the features after each block of the pretrained model before the search, which waits for it; default false. The answer proposes a range of frozen_blocks; the search space stays as it is.</summary>
    public bool? Probe { get; init; }

    /// <summary>The pool of workers; default <c>default</c>.</summary>
    public string? Pool { get; init; }

    /// <summary>Higher is offered slots first; default 0.</summary>
    public int? Priority { get; init; }

    /// <summary>Labels for filters.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>One line for people.</summary>
    public string? Description { get; init; }

    /// <summary>Longer text for people.</summary>
    public string? Notes { get; init; }
}
