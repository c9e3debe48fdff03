namespace HyperSearch.Messaging;

/// <summary>Names on the broker.</summary>
public static class Queues
{
    /// <summary>Events of trials, consumed in batches by the API replicas.</summary>
    public const string Events = "events";

    /// <summary>Where events that cannot be applied are kept.</summary>
    public const string EventsError = "events_error";

    /// <summary>Heartbeats and lease probes, in order, one consumer at a time.</summary>
    public const string Heartbeats = "heartbeats";

    /// <summary>Direct exchange of commands to one incarnation.</summary>
    public const string RunTrial = "run-trial";

    /// <summary>Direct exchange of stops to one incarnation.</summary>
    public const string StopTrial = "stop-trial";

    /// <summary>Direct exchange of heartbeat answers to one incarnation.</summary>
    public const string HeartbeatAnswer = "heartbeat-answer";
}
