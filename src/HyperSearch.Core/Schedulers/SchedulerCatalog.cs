using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Schedulers;

/// <summary>The schedulers by the name of their algorithm.</summary>
public static class SchedulerCatalog
{
    /// <summary>The scheduler of a study.</summary>
    /// <param name="spec">The resolved study.</param>
    /// <exception cref="ArgumentException">An algorithm that this version does not have; the validator refuses it before.</exception>
    public static IScheduler Create(StudySpec spec) => spec.Algorithm switch
    {
        { IsMultiFidelity: false } => new RunToCompletionScheduler(),
        { MinEpochs: { } min, MaxEpochs: { } max, ReductionFactor: { } eta } =>
            Create(spec, spec.Algorithm.Name, Ladder.Create(min, max, eta), eta),
        _ => throw new ArgumentException($"There is no scheduler {spec.Algorithm.Name}.", nameof(spec)),
    };

    private static IScheduler Create(StudySpec spec, string name, Ladder ladder, int eta) => name switch
    {
        AlgorithmCatalog.SuccessiveHalving => new SuccessiveHalvingScheduler(ladder.Epochs, eta),
        AlgorithmCatalog.Asha => new AshaScheduler(ladder, eta),
        AlgorithmCatalog.Hyperband => new HyperbandScheduler(HyperbandBrackets.Create(ladder, eta, spec.Trials), eta),
        _ => throw new ArgumentException($"There is no scheduler {name}.", nameof(spec)),
    };
}
