using System.Collections.Immutable;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Quality;

/// <summary>An algorithm that is compared. Those with rungs start at 1 epoch and have a reduction factor of 3.</summary>
/// <param name="Algorithm">Its name in requests.</param>
/// <param name="Sampler">Its sampler.</param>
internal sealed record Contender(string Algorithm, string Sampler)
{
    private const int ReductionFactor = 3;

    public static Contender Random { get; } = new(SamplerCatalog.Random, SamplerCatalog.Random);

    public static Contender Tpe { get; } = new(SamplerCatalog.Tpe, SamplerCatalog.Tpe);

    public static Contender Asha { get; } = new(AlgorithmCatalog.Asha, SamplerCatalog.Random);

    public static Contender AshaWithTpe { get; } = new(AlgorithmCatalog.Asha, SamplerCatalog.Tpe);

    /// <summary>Those that are ranked.</summary>
    public static ImmutableArray<Contender> Ranked { get; } =
    [
        Random,
        new(SamplerCatalog.Sobol, SamplerCatalog.Sobol),
        Tpe,
        new(AlgorithmCatalog.SuccessiveHalving, SamplerCatalog.Random),
        Asha,
        new(AlgorithmCatalog.Hyperband, SamplerCatalog.Random),
        AshaWithTpe,
    ];

    /// <summary>Others, for comparison.</summary>
    public static ImmutableArray<Contender> Others { get; } =
    [
        new(AlgorithmCatalog.SuccessiveHalving, SamplerCatalog.Tpe),
        new(AlgorithmCatalog.Hyperband, SamplerCatalog.Tpe),
    ];

    public string Name => Sampler == Algorithm || Sampler == SamplerCatalog.Random ? Algorithm : $"{Algorithm} with {Sampler}";

    /// <summary>
    /// A study that uses a budget of epochs: without rungs it has as many trials as can run in full, under successive halving as
    /// many as its plan has epochs for; under asha and hyperband it begins trials until <c>max_epochs_total</c> ends it.
    /// </summary>
    public StudySpec Study(QualityProblem problem, int budget, long seed)
    {
        bool rungs = AlgorithmCatalog.WithRungs.Contains(Algorithm);
        StudySpec spec = new()
        {
            Name = Name,
            Model = problem.Model,
            Algorithm = new()
            {
                Name = Algorithm,
                Sampler = Sampler,
                ReductionFactor = rungs ? ReductionFactor : null,
                MinEpochs = rungs ? 1 : null,
                MaxEpochs = rungs ? problem.Epochs : null,
            },
            Space = problem.Space,
            Baseline = false,
            Trials = 1,
            MaxFailedTrials = 0,
            MaxEpochsTotal = budget,
            Seed = seed,
        };
        return spec with { Trials = Trials(spec, budget) };
    }

    private static int Trials(StudySpec spec, int budget) => spec.Algorithm.Name switch
    {
        AlgorithmCatalog.Asha => budget,
        AlgorithmCatalog.Hyperband => HyperbandBrackets.Create(Ladder.Create(1, spec.Space.Constants.Epochs, ReductionFactor), ReductionFactor).Sum(b => b.Trials[0]),
        _ => Enumerable.Range(1, budget).TakeWhile(n => StudyPlan.Create(spec, trials: n).TotalEpochs <= budget).Last(),
    };
}
