using System.Globalization;
using CsCheck;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>Small studies of every algorithm with every sampler and stopping rule that it takes, in spaces of every kind.</summary>
internal static class AnyStudy
{
    private static readonly string[] Continuous =
    [
        """ "learning_rate": {"min": 1e-5, "max": 0.1, "scale": "log", "count": 5} """,
        """ "learning_rate": {"min": 1e-5, "max": 0.1, "scale": "log", "count": 3}, "optimizer": ["adamw", "sgd"], "momentum": [0.5, 0.9] """,
        """ "dropout": {"min": 0, "max": 0.5, "count": 2}, "batch_size": {"min": 16, "max": 64, "step": 16}, "learning_rate": {"min": 1e-4, "max": 0.1, "scale": "log", "count": 2} """,
    ];

    // Few configurations, so that the space is exhausted; some are the same after normalisation.
    private static readonly string[] Finite =
    [
        """ "optimizer": ["adamw", "sgd"], "momentum": [0.5, 0.9], "dropout": [0, 0.1, 0.2] """,
        """ "batch_size": {"min": 16, "max": 48, "step": 16}, "lr_schedule": ["constant", "linear"] """,
    ];

    /// <summary>Every algorithm with every sampler and stopping rule that it takes: name, sampler, whether the median stops.</summary>
    public static IReadOnlyList<(string Name, string Sampler, bool Median)> Algorithms { get; } =
    [
        .. AlgorithmCatalog.Samplers.SelectMany(s => new[] { (s, s, false), (s, s, true) }),
        ("one_at_a_time", "one_at_a_time", false),
        .. AlgorithmCatalog.WithRungs.SelectMany(name => AlgorithmCatalog.Samplers.Select(s => (name, s, false))),
    ];

    /// <summary>A study of any algorithm.</summary>
    public static Gen<StudySpec> Gen { get; } = CsCheck.Gen.Int[0, Algorithms.Count - 1].SelectMany(i => Of(Algorithms[i]));

    /// <summary>A study of one algorithm, its failures unlimited.</summary>
    public static Gen<StudySpec> Of((string Name, string Sampler, bool Median) algorithm) => CsCheck.Gen.Select(
        CsCheck.Gen.Int[0, Continuous.Length + Finite.Length - 1],
        CsCheck.Gen.Int[1, 24],
        CsCheck.Gen.Int[1, 3],
        CsCheck.Gen.Int[0, 7],
        CsCheck.Gen.Int[2, 4],
        CsCheck.Gen.Int[0, 255],
        CsCheck.Gen.Long[0, (1L << 53) - 1],
        (space, trials, min, more, eta, flags, seed) =>
        {
            bool maximize = (flags & 1) == 1;
            return Requests.Valid(Request(algorithm, ((string[])[.. Continuous, .. Finite])[space], trials, min, min + more, eta, seed, (flags & 32) != 0)) with
            {
                Objective = new() { Metric = maximize ? "val_accuracy" : "val_loss", Maximize = maximize, BestEpoch = (flags & 2) == 0 },
                Baseline = (flags & 4) == 0 && algorithm.Name != "one_at_a_time",
                Dataset = (flags & 8) == 0 ? null : new StudyDataset { Location = "/data" },
                SeedPerTrial = (flags & 16) != 0,
                Confirm = (flags & 192) == 0 ? new StudyConfirm(1 + (trials % 3), 3) : null,
                Probe = seed % 4 == 0,
                MaxFailedTrials = int.MaxValue,
            };
        });

    private static string Request((string Name, string Sampler, bool Median) algorithm, string space, int trials, int min, int max, int eta, long seed, bool flag)
    {
        bool rungs = algorithm.Name != algorithm.Sampler;
        string options = rungs ? $", \"sampler\": \"{algorithm.Sampler}\", \"min_epochs\": {min}, \"max_epochs\": {max}, \"reduction_factor\": {eta}"
            : algorithm.Median ? $", \"stopping\": {{\"name\": \"median\", \"grace_epochs\": {min - 1}, \"min_trials\": {eta - 1}}}"
            : "";
        string order = algorithm.Sampler == "grid" && flag ? ", \"order\": \"shuffled\"" : "";
        string size = algorithm.Name is "hyperband" or "one_at_a_time" || (algorithm.Sampler == "grid" && flag) ? "" : $", \"max_trials\": {trials}";
        string epochs = rungs ? "" : flag && !algorithm.Median ? ", \"epochs\": [1, 2, 5]" : $", \"epochs\": {max}";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"name": "any", "model": "synthetic", "seed": {{seed}}, "algorithm": {"name": "{{algorithm.Name}}"{{options}}{{order}}},
             "search_space": {{{space}}{{epochs}}}{{size}}}
            """);
    }
}
