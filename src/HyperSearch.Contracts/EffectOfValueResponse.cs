using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>What became of one value of a parameter.</summary>
public sealed record EffectOfValueResponse
{
    /// <summary>The value.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>The trial that has it; null while there is none. Values without a meaning share the trial of the defaults.</summary>
    public required int? Number { get; init; }

    /// <summary>The trial's value once it is completed; null when it diverged.</summary>
    public required double? MetricValue { get; init; }

    /// <summary>Positive when better than the defaults; null where one of the two is missing.</summary>
    public required double? Delta { get; init; }
}
