using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>A hyperparameter that has no meaning while another has one value: what <see cref="ParameterSet.Normalize"/> takes away.</summary>
/// <param name="Dependent">The one that loses its meaning.</param>
/// <param name="Gate">The one that decides.</param>
/// <param name="Off">The gate's value without meaning for the dependent.</param>
internal sealed record Dependency(Hyperparameter Dependent, Hyperparameter Gate, double Off)
{
    /// <summary>All of them; no gate is a dependent itself.</summary>
    public static ImmutableArray<Dependency> All { get; } =
    [
        new(HyperparameterCatalog.Momentum, HyperparameterCatalog.Optimizer, (int)OptimizerKind.AdamW),
        new(HyperparameterCatalog.WarmupRatio, HyperparameterCatalog.LrSchedule, (int)LearningRateScheduleKind.OneCycle),
        new(HyperparameterCatalog.UnfreezeEvery, HyperparameterCatalog.FrozenBlocks, 0),
    ];

    /// <summary>Whether the dependent can have a meaning anywhere in a space.</summary>
    public bool CanMatter(SearchSpace space)
    {
        foreach (ParameterDomain domain in space.Domains)
        {
            if (domain.Hyperparameter == Gate)
            {
                return domain switch
                {
                    ParameterDomain.Listed list => list.Values.Any(v => v != Off),
                    ParameterDomain.Ranged range => range.Min != Off || range.Max != Off,
                    _ => throw new InvalidOperationException($"Unknown domain {domain.GetType().Name}."),
                };
            }
        }

        return space.Constants[Gate] != Off;
    }
}
