using System.Text.Json.Nodes;

namespace HyperSearch.EndToEnd.Tests.Distributed;

/// <summary>The studies that the tests submit.</summary>
internal static class Requests
{
    /// <summary>The sample study of the demo.</summary>
    public static JsonObject Sample(string name) => new()
    {
        ["name"] = name,
        ["model"] = "convnet",
        ["dataset"] = "fashion-mnist-sample",
        ["algorithm"] = new JsonObject { ["name"] = "successive_halving", ["reduction_factor"] = 3, ["min_epochs"] = 1, ["max_epochs"] = 9 },
        ["max_trials"] = 27,
        ["seed"] = 42,
    };

    /// <summary>Two short trials of the sample behind a similarity probe.</summary>
    public static JsonObject Probed(string name) => new()
    {
        ["name"] = name,
        ["model"] = "convnet",
        ["dataset"] = "fashion-mnist-sample",
        ["algorithm"] = "random",
        ["search_space"] = new JsonObject { ["epochs"] = 1, ["learning_rate"] = new JsonObject { ["min"] = 1e-4, ["max"] = 1e-2, ["scale"] = "log" } },
        ["probe"] = true,
        ["max_trials"] = 2,
        ["seed"] = 3,
    };

    /// <summary>A grid of exactly <paramref name="cells"/> cells (10 learning rates by cells / 10 dropouts) over the synthetic family.</summary>
    public static JsonObject Grid(string name, int cells, double epochMs, int epochs = 9) => new()
    {
        ["name"] = name,
        ["model"] = new JsonObject { ["family"] = "synthetic", ["epoch_ms"] = epochMs },
        ["algorithm"] = "grid",
        ["search_space"] = new JsonObject
        {
            ["epochs"] = epochs,
            ["learning_rate"] = new JsonObject { ["min"] = 1e-4, ["max"] = 1e-1, ["scale"] = "log", ["count"] = 10 },
            ["dropout"] = new JsonObject { ["min"] = 0, ["max"] = 0.5, ["count"] = cells / 10 },
        },
        ["seed"] = 7,
    };

    /// <summary>Asynchronous halving that learns from its results, over the synthetic family; confirmed at the end.</summary>
    public static JsonObject Learning(string name, double epochMs, int trials) => new()
    {
        ["name"] = name,
        ["model"] = new JsonObject { ["family"] = "synthetic", ["epoch_ms"] = epochMs, ["noise"] = 0.02, ["crossing"] = 0.5, ["failure_rate"] = 0.03, ["divergence_rate"] = 0.03 },
        ["algorithm"] = new JsonObject { ["name"] = "asha", ["sampler"] = "tpe", ["max_epochs"] = 9 },
        ["confirm"] = new JsonObject { ["top"] = 2, ["seeds"] = 3 },
        ["max_trials"] = trials,
        ["max_failed_trials"] = trials,
        ["seed"] = 5,
    };

    /// <summary>Successive halving over the synthetic family.</summary>
    public static JsonObject Halving(string name, double epochMs, int trials = 27) => new()
    {
        ["name"] = name,
        ["model"] = new JsonObject { ["family"] = "synthetic", ["epoch_ms"] = epochMs, ["noise"] = 0.02, ["crossing"] = 0.5 },
        ["algorithm"] = new JsonObject { ["name"] = "successive_halving", ["max_epochs"] = 9 },
        ["max_trials"] = trials,
        ["seed"] = 11,
    };
}
