namespace HyperSearch.Api.Studies;

/// <summary>What a study was asked for: written once with the study, but for what can be patched, and read whole.</summary>
internal sealed class StudyDocument
{
    public required string StudyId { get; init; }

    /// <summary>The request's body as text, as sent.</summary>
    public required string Spec { get; init; }

    /// <summary>The resolved study as Core writes it.</summary>
    public required string Resolved { get; init; }

    /// <summary>The plan as JSON.</summary>
    public required string Plan { get; init; }

    /// <summary>The pool whose slots it is offered.</summary>
    public required string Pool { get; init; }

    /// <summary>The precision that a worker must have to be offered to it; null for any.</summary>
    public string? Precision { get; init; }

    /// <summary>Labels as JSON, for filters; patched.</summary>
    public required string Labels { get; set; }

    /// <summary>Text for people, or null; patched.</summary>
    public string? Notes { get; set; }

    /// <summary>The study's limit of time in seconds, for the monitor; null without one.</summary>
    public double? MaxDurationS { get; init; }
}
