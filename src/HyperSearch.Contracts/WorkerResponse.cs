namespace HyperSearch.Contracts;

/// <summary>One life of a worker process.</summary>
public sealed record WorkerResponse
{
    /// <summary>Its incarnation.</summary>
    public required string Id { get; init; }

    /// <summary>Host name.</summary>
    public required string Host { get; init; }

    /// <summary><c>cpu</c>, <c>cuda:0</c> and so on.</summary>
    public required string Device { get; init; }

    /// <summary>The device's name, such as the CPU's model.</summary>
    public required string DeviceName { get; init; }

    /// <summary>The pool that studies name.</summary>
    public required string Pool { get; init; }

    /// <summary>Labels of the operator.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Precisions it can train in.</summary>
    public required IReadOnlyList<string> Precisions { get; init; }

    /// <summary>Version of the worker program.</summary>
    public required string Version { get; init; }

    /// <summary><c>active draining drained lost left</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is drained, or null.</summary>
    public required string? DrainReason { get; init; }

    /// <summary>Trials it runs at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary>Slots that are taken.</summary>
    public required int Busy { get; init; }

    /// <summary>Since when none of its slots is taken; null while one is.</summary>
    public required DateTimeOffset? IdleSince { get; init; }

    /// <summary>When it was first heard of.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Its last heartbeat.</summary>
    public required DateTimeOffset HeartbeatAt { get; init; }

    /// <summary>Until when its attempts are its own without another heartbeat.</summary>
    public required DateTimeOffset LeaseUntil { get; init; }

    /// <summary>What holds its slots.</summary>
    public required IReadOnlyList<HeldSegment> Held { get; init; }
}
