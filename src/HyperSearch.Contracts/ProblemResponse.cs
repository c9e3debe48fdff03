using System.Text.Json.Serialization;

namespace HyperSearch.Contracts;

/// <summary>Problem details (RFC 9457): every answer from 400 up.</summary>
public sealed record ProblemResponse
{
    /// <summary><c>/problems/</c> and a slug.</summary>
    public required string Type { get; init; }

    /// <summary>What kind of problem it is.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong here and what would be right.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Names this request in the logs.</summary>
    public required string TraceId { get; init; }

    /// <summary>The current state, where a verb is impossible.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>All errors of an invalid request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ErrorResponse>? Errors { get; init; }
}
