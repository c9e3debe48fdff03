using System.Collections.Immutable;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>What a study is expected to come to, over several seeds.</summary>
public sealed record SimulationResult
{
    /// <summary>Simulated workers with one slot each.</summary>
    public required int Workers { get; init; }

    /// <summary>The study's own seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Simulated studies: the one with the study's own seed, then others that differ in their seeds alone.</summary>
    public required int Seeds { get; init; }

    /// <summary>Seconds that one epoch takes.</summary>
    public required double EpochSeconds { get; init; }

    /// <summary>Epochs executed, those of the baseline and of the confirmation included.</summary>
    public required SimulatedFigure EpochsExecuted { get; init; }

    /// <summary>Seconds from the first assignment to the end.</summary>
    public required SimulatedFigure WallSeconds { get; init; }

    /// <summary>Seconds that slots were busy.</summary>
    public required SimulatedFigure DeviceSeconds { get; init; }

    /// <summary>The winner's value as the study reports it: with its noise, and the best of many, so it looks better than it is.</summary>
    public required SimulatedFigure Value { get; init; }

    /// <summary>The winner's value after its last epoch without noise: how good the search really is.</summary>
    public required SimulatedFigure TrueValue { get; init; }

    /// <summary>Searched trials by the state in which they ended.</summary>
    public required ImmutableSortedDictionary<TrialState, SimulatedFigure> Trials { get; init; }

    /// <summary>How many of the studies ended for which reason.</summary>
    public required ImmutableSortedDictionary<StopReason, int> StopReasons { get; init; }
}
