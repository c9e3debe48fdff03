using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>An entry of the decision log that a replay decides otherwise.</summary>
public sealed record ReplayDifferenceResponse
{
    /// <summary>Its place in the log, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>What had happened; <c>type</c> says what.</summary>
    public required JsonElement Input { get; init; }

    /// <summary>What was decided then, in order.</summary>
    public required JsonElement Recorded { get; init; }

    /// <summary>What the rules decide now, in order.</summary>
    public required JsonElement Replayed { get; init; }

    /// <summary>Why the rules do not take the input now, for people; null when they do.</summary>
    public required string? Refused { get; init; }
}
