using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>What a study will cost, known before it starts. The epochs of the baseline and of the confirmation are not in the totals.</summary>
public sealed record StudyPlan
{
    /// <summary>N: searched trials.</summary>
    public required int Trials { get; init; }

    /// <summary>Whether the baseline runs besides.</summary>
    public required bool Baseline { get; init; }

    /// <summary>The rungs of every bracket.</summary>
    public required ImmutableArray<PlanBracket> Brackets { get; init; }

    /// <summary>Epochs that are executed when promoted trials go on from their checkpoints; for asha what the synchronous algorithm would execute.</summary>
    public required long TotalEpochs { get; init; }

    /// <summary>How far <see cref="TotalEpochs"/> can be relied on.</summary>
    public required TotalEpochsKind TotalEpochsKind { get; init; }

    /// <summary>The most epochs that can be executed; for asha every trial in full.</summary>
    public required long MaxTotalEpochs { get; init; }

    /// <summary>Epochs if every promoted trial began again.</summary>
    public required long TotalEpochsWithoutResume { get; init; }

    /// <summary>Epochs of the confirmation: (top + baseline) * seeds * full epochs; 0 without one. At most that where epochs are searched, and where the baseline is a searched trial.</summary>
    public required long ConfirmEpochs { get; init; }

    /// <summary>Device seconds of all of it, or null where no epoch time is known. See <see cref="WithEstimate"/>.</summary>
    public double? EstimatedDeviceSeconds { get; init; }

    /// <summary>Seconds from start to end, or null where no epoch time or no slot is known. See <see cref="WithEstimate"/>.</summary>
    public double? EstimatedSeconds { get; init; }

    /// <summary>What is worth a second look before the study starts.</summary>
    public ImmutableArray<ValidationWarning> Warnings { get; init; } = [];

    /// <summary>The plan of a valid study.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="warnings">The warnings of its validation.</param>
    /// <param name="trials">N where it is no longer the one of the study, because trials were enqueued or max_trials was raised; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No trial, or with hyperband more than its brackets have.</exception>
    public static StudyPlan Create(StudySpec spec, ImmutableArray<ValidationWarning> warnings = default, int? trials = null)
    {
        int n = trials ?? spec.Trials;
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1, nameof(trials));
        PlannedEpochs epochs = new(spec, n);
        return new()
        {
            Trials = n,
            Baseline = spec.Baseline,
            Brackets = epochs.Brackets,
            TotalEpochs = epochs.Total,
            TotalEpochsKind = epochs.Kind,
            MaxTotalEpochs = spec.Algorithm.Name == AlgorithmCatalog.Asha ? n * epochs.OfOne : epochs.Total,
            TotalEpochsWithoutResume = epochs.WithoutResume,
            ConfirmEpochs = epochs.Confirm,
            Warnings = warnings.IsDefault ? [] : warnings,
        };
    }

    /// <summary>
    /// The plan with an estimate of its time: <see cref="TotalEpochs"/>, the baseline's epochs and <see cref="ConfirmEpochs"/>
    /// times the time of one epoch; and from start to end at least that over the slots, and at least the longest chain of
    /// epochs that must follow one another: a trial in full, then one of the confirmation. An estimate: other
    /// hyperparameters take other times, and it is as far off as <see cref="TotalEpochsKind"/> says; waiting for rungs,
    /// failures and scoring are not in it.
    /// </summary>
    /// <param name="spec">The study of this plan.</param>
    /// <param name="epochSeconds">Measured seconds of one epoch of the family, or null; the synthetic family's own are known.</param>
    /// <param name="slots">Slots that the study may have, or null; 0 is none yet. <c>max_parallel</c> limits them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public StudyPlan WithEstimate(StudySpec spec, double? epochSeconds, int? slots)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epochSeconds ?? 0, nameof(epochSeconds));
        ArgumentOutOfRangeException.ThrowIfNegative(slots ?? 0, nameof(slots));
        if ((spec.Model.Synthetic?.EpochMs / 1_000 ?? epochSeconds) is not { } seconds)
        {
            return this with { EstimatedDeviceSeconds = null, EstimatedSeconds = null };
        }

        long baseline = spec.Baseline ? spec.Space.Constants.Epochs : 0;
        double device = (TotalEpochs + baseline + ConfirmEpochs) * seconds;
        double chain = Math.Max(new PlannedEpochs(spec, Trials).OfOne, baseline) * (spec.Confirm is null ? 1 : 2) * seconds;
        int parallel = Math.Min(slots ?? 0, spec.MaxParallel ?? int.MaxValue);
        return this with { EstimatedDeviceSeconds = device, EstimatedSeconds = parallel > 0 ? Math.Max(device / parallel, chain) : null };
    }
}
