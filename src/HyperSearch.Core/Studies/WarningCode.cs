namespace HyperSearch.Core.Studies;

/// <summary>The codes of warnings, as plans carry them.</summary>
public static class WarningCode
{
    /// <summary>A count where no grid reads it.</summary>
    public const string CountUnused = "count_unused";

    /// <summary>A learning rate or weight decay searched on a linear scale.</summary>
    public const string LinearScale = "linear_scale";

    /// <summary>A goal that looks opposed to the metric.</summary>
    public const string GoalOpposesMetric = "goal_opposes_metric";

    /// <summary>No seed was given; one was drawn.</summary>
    public const string SeedOmitted = "seed_omitted";

    /// <summary>max_trials ends a grid before its last cell.</summary>
    public const string GridTruncated = "grid_truncated";

    /// <summary>The space has fewer distinct configurations than trials were asked for.</summary>
    public const string SpaceExhausted = "space_exhausted";

    /// <summary>max_parallel is above the trials of the first rung.</summary>
    public const string ParallelAboveFirstRung = "parallel_above_first_rung";

    /// <summary>Too few trials for the number of rungs: N below eta^(K-1).</summary>
    public const string FewTrials = "few_trials";

    /// <summary>Every trial of tpe is a start-up trial, drawn at random.</summary>
    public const string StartUpOnly = "start_up_only";

    /// <summary>The first rung compares trials before their learning rate has reached its peak.</summary>
    public const string RungBeforePeak = "rung_before_peak";

    /// <summary>The first rung compares trials before their first block has thawed.</summary>
    public const string RungBeforeThaw = "rung_before_thaw";

    /// <summary>max_epochs_total may end the study before any trial is trained in full.</summary>
    public const string BudgetBeforeFullTrial = "budget_before_full_trial";

    /// <summary>No living worker of the pool trains in the study's precision.</summary>
    public const string NoWorker = "no_worker";

    /// <summary>More blocks may be frozen than the probe proposes. In the plan once the probe has ended.</summary>
    public const string FrozenBeyondProbe = "frozen_beyond_probe";

    /// <summary>Something that is given has no effect beside the rest.</summary>
    public const string NoEffect = "no_effect";
}
