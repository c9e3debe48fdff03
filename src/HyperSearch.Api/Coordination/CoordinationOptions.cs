using System.ComponentModel.DataAnnotations;

namespace HyperSearch.Api.Coordination;

/// <summary>Leases, retries and limits of the coordination.</summary>
public sealed class CoordinationOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Coordination";

    /// <summary>Seconds a worker's lease lasts after a heartbeat; default 15.</summary>
    [Range(0.1, 3600)]
    public double LeaseSeconds { get; set; } = 15;

    /// <summary>Seconds after a start or an outage in which no worker is given up; default 45, longer than the bus's reconnect back-off of 30.</summary>
    [Range(0, 3600)]
    public double ReconnectGraceSeconds { get; set; } = 45;

    /// <summary>Lost attempts in a row without a checkpoint further on after which a trial fails; default 5.</summary>
    [Range(1, 1000)]
    public int MaxLostAttempts { get; set; } = 5;

    /// <summary>Seconds between checkpoints at epoch ends; 0 is every epoch; default 30.</summary>
    [Range(0, 86_400)]
    public double CheckpointIntervalS { get; set; } = 30;

    /// <summary>Seconds between the looks of the safety net at free slots and at budgets of time; default 1.</summary>
    [Range(0.01, 60)]
    public double SafetyNetSeconds { get; set; } = 1;

    /// <summary>Seconds a command may take to reach the broker; default 5. One of unknown outcome is settled by heartbeats.</summary>
    [Range(0.1, 60)]
    public double SendTimeoutSeconds { get; set; } = 5;

    /// <summary>Hours between the sweeps of artifacts that no row names; default 24, 0 is never.</summary>
    [Range(0, 24 * 40)]
    public double ArtifactSweepHours { get; set; } = 24;

    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
}
