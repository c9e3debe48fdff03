using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Benchmarks;

/// <summary>Resolved studies of any size, one per sampler and scheduler, without a baseline, scoring or budgets.</summary>
internal static class SearchSpecs
{
    private const int Epochs = 3;
    private const int LadderTop = 27;
    private const int MedianEpochs = 9;
    private const int Eta = 3;

    /// <summary>Every scheduler with random, and every sampler without rungs.</summary>
    public static IReadOnlyList<string> Names { get; } = ["random", "sobol", "grid", "tpe", "median", "successive_halving", "asha", "hyperband"];

    /// <summary>A study of about that many trials: hyperband's ladder fixes their number, so it is the first ladder with at least as many.</summary>
    public static StudySpec Of(string name, int trials) => name switch
    {
        "successive_halving" or "asha" => Rungs(name, trials, LadderTop),
        "hyperband" => Hyperband(trials),
        "median" => Of(new() { Name = "random", Sampler = "random", Stopping = new() }, trials, MedianEpochs),
        "grid" => Of(new() { Name = name, Sampler = name }, trials, Epochs, new ParameterDomain.Ranged(HyperparameterCatalog.LearningRate, 1e-5, 0.1, true, null, trials)),
        _ => Of(new() { Name = name, Sampler = name }, trials, Epochs),
    };

    private static StudySpec Rungs(string name, int trials, int top) =>
        Of(new() { Name = name, Sampler = SamplerCatalog.Random, ReductionFactor = Eta, MinEpochs = 1, MaxEpochs = top }, trials, top);

    private static StudySpec Hyperband(int trials)
    {
        for (int top = Eta; ; top *= Eta)
        {
            int planned = HyperbandBrackets.Create(Ladder.Create(1, top, Eta), Eta).Sum(b => b.Trials[0]);
            if (planned >= trials)
            {
                return Rungs("hyperband", planned, top);
            }
        }
    }

    private static StudySpec Of(StudyAlgorithm algorithm, int trials, int epochs, params ParameterDomain[] domains) => new()
    {
        Name = "bench",
        Model = new StudyModel { Family = ModelFamilyCatalog.Synthetic },
        Algorithm = algorithm,
        Space = new SearchSpace
        {
            Domains = domains is [] ? ModelFamilyCatalog.Synthetic.DefaultSpace(multiFidelity: true) : [.. domains],
            Constants = ModelFamilyCatalog.Synthetic.Defaults.With(HyperparameterCatalog.Epochs, epochs),
        },
        Trials = trials,
        MaxFailedTrials = trials,
        Baseline = false,
        Seed = 7,
    };
}
