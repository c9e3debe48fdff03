using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>The epochs of a study of so many trials.</summary>
internal sealed class PlannedEpochs(StudySpec spec, int trials)
{
    private readonly ParameterDomain? _searched = spec.Space.Domains.FirstOrDefault(d => d.Hyperparameter == HyperparameterCatalog.Epochs);

    // A grid's trials are known beforehand, an enqueued one is not.
    private readonly int _known = spec.Algorithm.Sampler is SamplerCatalog.Grid or SamplerCatalog.OneAtATime ? Math.Min(trials, spec.Trials) : 0;

    private bool OneAtATime => spec.Algorithm.Name == SamplerCatalog.OneAtATime;

    private int Constant => spec.Space.Constants.Epochs;

    /// <summary>R: the most epochs of one searched trial.</summary>
    public long OfOne => _searched is null ? Constant : Math.Max((long)_searched.Largest, OneAtATime ? Constant : 0);

    /// <summary>The fewest epochs of a searched trial's first segment.</summary>
    public int Shortest => spec.Algorithm.MinEpochs ?? Math.Min(Constant, (int)(_searched?.Smallest ?? int.MaxValue));

    /// <summary>The fewest epochs until one trial is trained in full, failures aside: where trials are compared, the smallest ladder that still has a choice at every rung.</summary>
    public long UntilFull => spec.Algorithm switch
    {
        { Name: AlgorithmCatalog.Asha, MinEpochs: { } r, MaxEpochs: { } most, ReductionFactor: { } eta } when Ladder.Create(r, most, eta) is var ladder =>
            Bracket(ladder.Epochs, ladder.Trials((int)Math.Min(trials, Math.Pow(eta, ladder.Count - 1)), eta)).Epochs,
        { IsMultiFidelity: true } => Brackets[0].Epochs,
        _ => Shortest,
    };

    public ImmutableArray<PlanBracket> Brackets
    {
        get
        {
            if (spec.Algorithm is not { MinEpochs: { } r, MaxEpochs: { } most, ReductionFactor: { } eta })
            {
                return [new(_searched is null ? [new(Constant, trials)] : [])];
            }

            Ladder ladder = Ladder.Create(r, most, eta);
            return spec.Algorithm.Name == AlgorithmCatalog.Hyperband
                ? [.. HyperbandBrackets.Create(ladder, eta, trials).Select(b => Bracket(b.Epochs, b.Trials))]
                : [Bracket(ladder.Epochs, ladder.Trials(trials, eta))];
        }
    }

    public TotalEpochsKind Kind => spec.Algorithm switch
    {
        { Name: AlgorithmCatalog.Asha } => TotalEpochsKind.LowerBound,
        // Stopping can only save epochs.
        { Stopping: not null } => TotalEpochsKind.UpperBound,
        _ when spec.EarlyStoppingPatience > 0 || (_searched is not null && _known < trials) => TotalEpochsKind.UpperBound,
        _ => TotalEpochsKind.Exact,
    };

    public long Total => _searched is null ? Brackets.Sum(b => b.Epochs) : Searched;

    public long WithoutResume => _searched is null ? Brackets.Sum(b => b.EpochsWithoutResume) : Searched;

    public long Confirm => spec.Confirm is { } confirm
        ? confirm.Seeds * (Math.Min(confirm.Top, trials) * OfOne + (spec.Baseline || OneAtATime ? Constant : 0))
        : 0;

    private long Searched => Known() + (trials - _known) * OfOne;

    private long Known()
    {
        ISampler? sampler = _known > 0 ? SamplerCatalog.Create(spec) : null;
        return Enumerable.Range(0, _known).Sum(number => (long)sampler!.Propose(number, TrialHistory.Empty).Parameters.Epochs);
    }

    private static PlanBracket Bracket(ImmutableArray<int> epochs, ImmutableArray<int> trials) => new([.. epochs.Zip(trials, (e, n) => new PlanRung(e, n))]);
}
