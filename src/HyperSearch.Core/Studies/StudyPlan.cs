using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>What a study will cost, known before it starts. The baseline's epochs are not in the totals.</summary>
public sealed record StudyPlan
{
    /// <summary>N: searched trials.</summary>
    public required int Trials { get; init; }

    /// <summary>Whether the baseline runs besides.</summary>
    public required bool Baseline { get; init; }

    /// <summary>The rungs of every bracket.</summary>
    public required ImmutableArray<PlanBracket> Brackets { get; init; }

    /// <summary>Epochs that are executed when promoted trials go on from their checkpoints.</summary>
    public required long TotalEpochs { get; init; }

    /// <summary>How far <see cref="TotalEpochs"/> can be relied on.</summary>
    public required TotalEpochsKind TotalEpochsKind { get; init; }

    /// <summary>The most epochs that can be executed.</summary>
    public required long MaxTotalEpochs { get; init; }

    /// <summary>Epochs if every promoted trial began again.</summary>
    public required long TotalEpochsWithoutResume { get; init; }

    /// <summary>What is worth a second look before the study starts.</summary>
    public ImmutableArray<ValidationWarning> Warnings { get; init; } = [];

    /// <summary>The plan of a valid study.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="warnings">The warnings of its validation.</param>
    public static StudyPlan Create(StudySpec spec, ImmutableArray<ValidationWarning> warnings = default)
    {
        StudyPlan plan = spec.Algorithm is { MinEpochs: { } r, MaxEpochs: { } most, ReductionFactor: { } eta }
            ? Halving(spec, Ladder.Create(r, most, eta), eta)
            : Flat(spec);
        return warnings.IsDefault ? plan : plan with { Warnings = warnings };
    }

    private static StudyPlan Halving(StudySpec spec, Ladder ladder, int eta)
    {
        ImmutableArray<int> trials = ladder.Trials(spec.Trials, eta);
        long resumed = 0;
        long anew = 0;
        for (int k = 0; k < ladder.Count; k++)
        {
            resumed += (long)trials[k] * (ladder.Epochs[k] - (k == 0 ? 0 : ladder.Epochs[k - 1]));
            anew += (long)trials[k] * ladder.Epochs[k];
        }

        return Create(spec, [.. ladder.Epochs.Zip(trials, (e, n) => new PlanRung(e, n))], resumed, anew, TotalEpochsKind.Exact);
    }

    private static StudyPlan Flat(StudySpec spec)
    {
        ParameterDomain? searched = spec.Space.Domains.FirstOrDefault(d => d.Hyperparameter == HyperparameterCatalog.Epochs);
        bool grid = spec.Algorithm.Sampler == SamplerCatalog.Grid;
        // Early stopping can only save epochs.
        TotalEpochsKind kind = (searched is not null && !grid) || spec.EarlyStoppingPatience > 0 ? TotalEpochsKind.UpperBound : TotalEpochsKind.Exact;
        if (searched is null)
        {
            int epochs = spec.Space.Constants.Epochs;
            long constant = (long)spec.Trials * epochs;
            return Create(spec, [new PlanRung(epochs, spec.Trials)], constant, constant, kind);
        }

        long total = grid ? GridEpochs(spec) : (long)spec.Trials * (long)searched.Largest;
        return Create(spec, [], total, total, kind);
    }

    private static long GridEpochs(StudySpec spec)
    {
        ISampler grid = SamplerCatalog.Create(spec);
        TrialHistory none = TrialHistory.Empty;
        return Enumerable.Range(0, spec.Trials).Sum(number => (long)grid.Propose(number, none).Parameters.Epochs);
    }

    private static StudyPlan Create(StudySpec spec, ImmutableArray<PlanRung> rungs, long total, long withoutResume, TotalEpochsKind kind) => new()
    {
        Trials = spec.Trials,
        Baseline = spec.Baseline,
        Brackets = [new PlanBracket(rungs)],
        TotalEpochs = total,
        TotalEpochsKind = kind,
        MaxTotalEpochs = total,
        TotalEpochsWithoutResume = withoutResume,
    };
}
