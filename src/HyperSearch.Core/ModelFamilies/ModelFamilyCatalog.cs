using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.ModelFamilies;

/// <summary>The built-in model families.</summary>
public static class ModelFamilyCatalog
{
    // What a framework would give, not tuned on any dataset; the order is the catalogue's.
    private static readonly ParameterSet SmallDefaults = ParameterSet.Create(
        1e-3, 32, 9, 0.1, 0.01, (int)LearningRateScheduleKind.Cosine, 0,
        0, (int)OptimizerKind.AdamW, 0.9, 0, 1, 0);

    /// <summary>Four blocks of convolution, batch norm and ReLU; ships pretrained with the samples.</summary>
    public static ModelFamily Convnet { get; } = new() { Name = "convnet", Blocks = 4, HasBatchNorm = true, Defaults = SmallDefaults };

    /// <summary>A formula instead of tensors, for benchmarks, capacity planning and tests of a cluster.</summary>
    public static ModelFamily Synthetic { get; } = new()
    {
        Name = "synthetic",
        Blocks = 4,
        HasBatchNorm = false,
        NeedsDataset = false,
        Defaults = SmallDefaults,
    };

    /// <summary>All families, by name.</summary>
    public static ImmutableArray<ModelFamily> All { get; } = [Convnet, Synthetic];

    /// <summary>The family of that name, or null.</summary>
    /// <param name="name">The exact name.</param>
    public static ModelFamily? Find(string name) => All.FirstOrDefault(f => f.Name == name);
}
