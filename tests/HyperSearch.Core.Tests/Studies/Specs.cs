using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

/// <summary>Resolved studies for tests; every one has a dataset, so it is scored, and no budget.</summary>
internal static class Specs
{
    private static readonly ParameterDomain Rate = new ParameterDomain.Ranged(HyperparameterCatalog.LearningRate, 1e-5, 0.1, true, null, null);

    public static StudySpec Random(int trials = 6, int epochs = 3) =>
        Of(new StudyAlgorithm { Name = "random", Sampler = "random" }, trials, epochs, Rate);

    /// <summary>Two learning rates or more by two optimizers by two momenta: momentum has no meaning for adamw, so 3 cells per rate differ.</summary>
    public static StudySpec Grid(int rates = 3, int epochs = 2, bool shuffled = false) =>
        Of(
            new StudyAlgorithm { Name = "grid", Sampler = "grid", Shuffled = shuffled },
            3 * rates,
            epochs,
            new ParameterDomain.Ranged(HyperparameterCatalog.LearningRate, 1e-5, 0.1, true, null, rates),
            new ParameterDomain.Listed(HyperparameterCatalog.Optimizer, [0, 1]),
            new ParameterDomain.Listed(HyperparameterCatalog.Momentum, [0.5, 0.9]));

    public static StudySpec Halving(int trials = 27, int min = 1, int max = 9, int eta = 3) =>
        Of(
            new StudyAlgorithm { Name = "successive_halving", Sampler = "random", ReductionFactor = eta, MinEpochs = min, MaxEpochs = max },
            trials,
            max,
            Rate);

    public static StudySpec Asha(int trials = 27, int min = 1, int max = 9, int eta = 3)
    {
        StudySpec halving = Halving(trials, min, max, eta);
        return halving with { Algorithm = halving.Algorithm with { Name = "asha" } };
    }

    /// <summary>Random search with median stopping.</summary>
    public static StudySpec Median(int trials = 20, int epochs = 9, int minTrials = 5)
    {
        StudySpec random = Random(trials, epochs);
        return random with { Algorithm = random.Algorithm with { Stopping = new() { MinTrials = minTrials } } };
    }

    /// <summary>A study around any algorithm: without rungs with three epochs per trial.</summary>
    public static StudySpec For(StudyAlgorithm algorithm, int trials) => algorithm.Sampler == "grid"
        ? Grid((trials + 2) / 3, algorithm.MaxEpochs ?? 3, algorithm.Shuffled) with { Algorithm = algorithm, Trials = trials }
        : Of(algorithm, trials, algorithm.MaxEpochs ?? 3, Rate);

    private static StudySpec Of(StudyAlgorithm algorithm, int trials, int epochs, params ParameterDomain[] domains) => new()
    {
        Name = "study",
        Model = new StudyModel { Family = ModelFamilyCatalog.Convnet },
        Dataset = new StudyDataset { Location = "/data" },
        Algorithm = algorithm,
        Space = new SearchSpace
        {
            Domains = [.. domains],
            Constants = ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.Epochs, epochs),
        },
        Trials = trials,
        MaxFailedTrials = Math.Max(3, (trials + 9) / 10),
        Seed = 7,
    };
}
