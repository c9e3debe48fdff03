using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>One line of a study's decision log.</summary>
public sealed record DecisionResponse
{
    /// <summary>From 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The time that the rules saw.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened; <c>type</c> says what.</summary>
    public required JsonElement Input { get; init; }

    /// <summary>What was decided, in order; each has its <c>type</c>.</summary>
    public required JsonElement Decisions { get; init; }
}
