using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the plain fields of a request. Every group gives the change that it makes to a study.</summary>
internal static partial class StudyFields
{
    /// <summary>Trials that a study may have at most.</summary>
    public const int MostTrials = StudyRules.MostTrials;

    /// <summary>The largest seed: 2^53 - 1, the largest whole number that every JSON reader keeps.</summary>
    public const long LargestSeed = (1L << 53) - 1;

    private const double Infinite = double.MaxValue;

    /// <summary>All fields of a request.</summary>
    public static ImmutableArray<string> Known { get; } =
    [
        "name", "model", "dataset", "objective", "algorithm", "search_space", "max_trials", "max_parallel", "max_epochs_total",
        "max_device_seconds", "max_duration_s", "target", "patience_trials", "max_failed_trials", "seed", "seed_mode", "baseline",
        "confirm", "precision", "augmentation", "class_weights", "early_stopping_patience", "max_grad_norm", "keep_top", "probe",
        "pool", "priority", "labels", "description", "notes",
    ];

    public static string? Name(RequestObject study)
    {
        if (!study.Has("name"))
        {
            study.Findings.Missing(study.Pointer("name"), "A study needs a name.");
        }

        if (study.Text("name", int.MaxValue) is not { } name)
        {
            return null;
        }

        if (NamePattern().IsMatch(name) && !name.StartsWith("st_", StringComparison.Ordinal))
        {
            return name;
        }

        study.Findings.Error(study.Pointer("name"), ErrorCode.NotAccepted,
            "A name has 1 to 63 of a-z 0-9 . _ -, begins with a letter or digit, and does not begin with st_, which marks ids.");
        return null;
    }

    public static Func<StudySpec, StudySpec> Budgets(RequestObject study)
    {
        int? parallel = MaxParallel(study);
        long? epochs = study.Whole("max_epochs_total", 1, LargestSeed);
        double? device = study.Number("max_device_seconds", 0.001, Infinite);
        double? duration = study.Number("max_duration_s", 0.001, Infinite);
        double? target = study.Number("target");
        int? patience = study.Int("patience_trials", 1, MostTrials);
        int? failed = study.Int("max_failed_trials", 0, MostTrials);
        return spec => spec with
        {
            MaxParallel = parallel,
            MaxEpochsTotal = epochs,
            MaxDeviceSeconds = device,
            MaxDurationS = duration,
            Target = target,
            PatienceTrials = patience,
            MaxFailedTrials = failed ?? spec.MaxFailedTrials,
        };
    }

    public static Func<StudySpec, StudySpec> Training(RequestObject study, bool multiFidelity)
    {
        string? precision = study.OneOf("precision", [.. Precisions.All]);
        string? augmentation = study.OneOf("augmentation", "none", "light");
        string? weights = study.OneOf("class_weights", "none", "balanced");
        double? norm = study.Number("max_grad_norm", 0);
        int? patience = study.Int("early_stopping_patience", 0, 10_000);
        if (multiFidelity && patience > 0)
        {
            study.Findings.Error(study.Pointer("early_stopping_patience"), ErrorCode.NotAccepted, "A multi-fidelity study stops trials at its rungs; it takes no early stopping.");
        }

        return spec => spec with
        {
            Precision = precision ?? spec.Precision,
            Augmentation = augmentation ?? spec.Augmentation,
            ClassWeights = weights ?? spec.ClassWeights,
            MaxGradNorm = norm ?? 0,
            EarlyStoppingPatience = patience ?? 0,
        };
    }

    public static Func<StudySpec, StudySpec> Running(RequestObject study, StudyModel? model, bool oneAtATime)
    {
        bool baseline = Baseline(study, oneAtATime);
        bool perTrial = study.OneOf("seed_mode", "shared", "per_trial") is "per_trial";
        int? keep = study.Int("keep_top", 0, 1_000);
        int? priority = Priority(study);
        string? pool = study.Text("pool", int.MaxValue);
        if (pool is not null && !PoolPattern().IsMatch(pool))
        {
            study.Findings.Error(study.Pointer("pool"), ErrorCode.NotAccepted, "A pool has 1 to 63 letters, digits and . _ - and begins with a letter or digit.");
        }

        StudyConfirm? confirm = ConfirmReader.Read(study);
        bool probe = Probe(study, model);

        return spec => spec with
        {
            Baseline = baseline,
            Confirm = confirm,
            SeedPerTrial = perTrial,
            Probe = probe,
            KeepTop = keep ?? 1,
            Priority = priority ?? 0,
            Pool = pool ?? spec.Pool,
        };
    }

    // A probe asks how much a pretrained model knows of the data; whatever frozen_blocks is, the answer may be of use.
    private static bool Probe(RequestObject study, StudyModel? model)
    {
        bool asked = study.Flag("probe") == true;
        if (asked && model is { Weights: null })
        {
            study.Findings.Error(study.Pointer("probe"), ErrorCode.NotAccepted, model.Family.NeedsDataset
                ? "The model starts from scratch; a probe needs pretrained weights."
                : $"The {model.Family.Name} family has no weights and no features to probe.");
        }

        return asked;
    }

    // Trial 0 of one_at_a_time is the baseline: asked for, it is there already; it cannot be left out.
    private static bool Baseline(RequestObject study, bool oneAtATime)
    {
        bool? asked = study.Flag("baseline");
        switch (asked)
        {
            case true when oneAtATime:
                study.Findings.Warn(WarningCode.NoEffect, study.Pointer("baseline"), "Trial 0 of one_at_a_time is the baseline; no other one runs.");
                break;
            case false when oneAtATime:
                study.Findings.Error(study.Pointer("baseline"), ErrorCode.NotAccepted, "Trial 0 of one_at_a_time is the baseline; it cannot be left out.");
                break;
            default:
                break;
        }

        return (asked ?? true) && !oneAtATime;
    }

    public static Func<StudySpec, StudySpec> Texts(RequestObject study)
    {
        string? description = study.Text("description", 1_000);
        string? notes = Notes(study);
        ImmutableSortedDictionary<string, string> labels = LabelReader.Read(study);
        return spec => spec with { Description = description, Notes = notes, Labels = labels };
    }

    public static int? MaxParallel(RequestObject study) => study.Int("max_parallel", 1, MostTrials);

    public static int? Priority(RequestObject study) => study.Int("priority", -1_000_000, 1_000_000);

    public static string? Notes(RequestObject study) => study.Text("notes", 20_000);

    /// <summary>The seed of the request, or the drawn one with a warning.</summary>
    public static long Seed(RequestObject study, long drawn)
    {
        if (study.Has("seed"))
        {
            return study.Whole("seed", 0, LargestSeed) ?? drawn;
        }

        study.Findings.Warn(WarningCode.SeedOmitted, study.Pointer("seed"),
            string.Create(CultureInfo.InvariantCulture, $"No seed was given; {drawn} was drawn. Name it to repeat this search."));
        return drawn;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,62}\\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\z")]
    private static partial Regex PoolPattern();
}
