using HyperSearch.Core.Trials;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Workers;

/// <summary>One life of a worker process: its registration and its one lease.</summary>
internal sealed class WorkerRow
{
    public required Guid Incarnation { get; init; }

    public string Host { get; set; } = "";

    public string Device { get; set; } = "";

    public string DeviceName { get; set; } = "";

    public int Slots { get; set; }

    public string Pool { get; set; } = "";

    public Dictionary<string, string> Labels { get; set; } = [];

    public List<string> Precisions { get; set; } = [];

    public string Version { get; set; } = "";

    public WorkerState State { get; set; }

    /// <summary>Why it is drained, or null.</summary>
    public string? DrainReason { get; set; }

    /// <summary>Sequence of the last heartbeat; older ones change nothing.</summary>
    public long HeartbeatSequence { get; set; }

    public DateTimeOffset RegisteredAt { get; init; }

    public DateTimeOffset HeartbeatAt { get; set; }

    /// <summary>On the database's clock.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Slots taken by attempts that are no longer this worker's.</summary>
    public int StraySlots { get; set; }

    /// <summary>Attempts of this worker that its last heartbeat did not list although it should have.</summary>
    public List<AttemptReference> Missing { get; set; } = [];

    /// <summary>The last different trials that failed on it, since it last completed a segment.</summary>
    public List<FailedTrial> Failures { get; set; } = [];

    /// <summary>When the first of its failures in a row was; null without one.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Both as the rules see them.</summary>
    public WorkerHealth Health
    {
        get => new() { Failures = [.. Failures], FailingSince = FailingSince };
        set => (Failures, FailingSince) = ([.. value.Failures], value.FailingSince);
    }

    /// <summary>Since when none of its slots is taken; null while one is.</summary>
    public DateTimeOffset? IdleSince { get; set; }
}
