namespace HyperSearch.Contracts;

/// <summary>What one parameter does while all others stay at the defaults.</summary>
public sealed record ParameterEffectResponse
{
    /// <summary>The hyperparameter.</summary>
    public required string Parameter { get; init; }

    /// <summary>Its values in the order of the grid, the default among them.</summary>
    public required IReadOnlyList<EffectOfValueResponse> Values { get; init; }

    /// <summary>The largest metric less the smallest; null with fewer than two.</summary>
    public required double? Spread { get; init; }
}
