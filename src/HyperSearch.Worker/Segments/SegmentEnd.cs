using HyperSearch.Core.Trials;
using HyperSearch.Messaging;

namespace HyperSearch.Worker.Segments;

/// <summary>How a segment ended in its child.</summary>
internal sealed record SegmentEnd(SegmentEndKind Kind)
{
    public int? DivergedEpoch { get; init; }

    public TestScore? Test { get; init; }

    public ProbeMeasurement? Probe { get; init; }

    public FailureKind? Failure { get; init; }

    public string? Message { get; init; }

    public bool Retryable { get; init; }

    /// <summary>After <see cref="SegmentEndKind.OutOfMemory"/>: what to try next; null when there is nothing smaller.</summary>
    public int? NextMicroBatch { get; init; }

    /// <summary>Whether no other segment may run in the child in which this one ended.</summary>
    public bool SpoilsChild() => Kind is SegmentEndKind.OutOfMemory or SegmentEndKind.LibraryFailed;

    public static SegmentEnd Failed(FailureKind kind, string message, bool retryable) =>
        new(SegmentEndKind.Failed) { Failure = kind, Message = message, Retryable = retryable };
}
