namespace HyperSearch.Api.Studies;

/// <summary>A key that a client sent with a creation: inserted in the study's own transaction, so a crash leaves nothing behind.</summary>
internal sealed class IdempotencyKey
{
    public required string Key { get; init; }

    /// <summary>Hash of the request; the same key with another body is an error.</summary>
    public required string RequestHash { get; init; }

    public required string StudyId { get; init; }

    /// <summary>The body that the creation was answered with, for repetitions.</summary>
    public required string Answer { get; init; }

    /// <summary>Kept for 24 hours from here.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
