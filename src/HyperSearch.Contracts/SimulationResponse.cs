namespace HyperSearch.Contracts;

/// <summary>
/// What a study of the synthetic family is expected to come to: simulated in memory with a virtual clock, by the rules that a
/// real study runs by, under several seeds. Workers have one slot and never die.
/// </summary>
public sealed record SimulationResponse
{
    /// <summary>Workers with one slot each.</summary>
    public required int Workers { get; init; }

    /// <summary>The study's own seed, drawn if the request gives none: the first simulated study has it.</summary>
    public required long Seed { get; init; }

    /// <summary>Simulated studies, which differ in their seeds alone.</summary>
    public required int Seeds { get; init; }

    /// <summary>Seconds of one epoch: the family's <c>epoch_ms</c>, or one second where that is 0.</summary>
    public required double EpochSeconds { get; init; }

    /// <summary>Epochs executed, those of the baseline and of the confirmation included.</summary>
    public required FigureResponse EpochsExecuted { get; init; }

    /// <summary>Seconds from the first assignment to the end.</summary>
    public required FigureResponse WallSeconds { get; init; }

    /// <summary>Seconds that slots were busy.</summary>
    public required FigureResponse DeviceSeconds { get; init; }

    /// <summary>The winner's value as the study reports it: with its noise and chosen among many, so it looks better than it is.</summary>
    public required FigureResponse Value { get; init; }

    /// <summary>The winner's value without noise: how good the search really is.</summary>
    public required FigureResponse TrueValue { get; init; }

    /// <summary>Searched trials by the state in which they ended: <c>completed</c>, <c>pruned</c>, <c>failed</c>, <c>cancelled</c>.</summary>
    public required IReadOnlyDictionary<string, FigureResponse> Trials { get; init; }

    /// <summary>How many of the studies ended for which reason.</summary>
    public required IReadOnlyDictionary<string, int> StopReasons { get; init; }
}
