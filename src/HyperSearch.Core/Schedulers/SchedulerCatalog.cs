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
        { Name: "asha", MinEpochs: { } min, MaxEpochs: { } max, ReductionFactor: { } eta } => new AshaScheduler(Ladder.Create(min, max, eta), eta),
        { Name: "successive_halving", MinEpochs: { } min, MaxEpochs: { } max, ReductionFactor: { } eta } =>
            new SuccessiveHalvingScheduler(Ladder.Create(min, max, eta).Epochs, eta),
        _ => throw new ArgumentException($"There is no scheduler {spec.Algorithm.Name}.", nameof(spec)),
    };
}
