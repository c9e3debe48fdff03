namespace HyperSearch.Messaging;

/// <summary>What a worker process is and can do. Part of every heartbeat, so a lost registration heals by itself.</summary>
public sealed record WorkerRegistration
{
    /// <summary>Host name.</summary>
    public required string Host { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:0</c> and so on.</summary>
    public required string Device { get; init; }

    /// <summary>The device's name, such as the CPU's model.</summary>
    public required string DeviceName { get; init; }

    /// <summary>Trials it runs at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary>The pool that studies name.</summary>
    public required string Pool { get; init; }

    /// <summary>Free labels of the operator.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Precisions it can train in.</summary>
    public required IReadOnlyList<string> Precisions { get; init; }

    /// <summary>Version of the worker program.</summary>
    public required string Version { get; init; }
}
