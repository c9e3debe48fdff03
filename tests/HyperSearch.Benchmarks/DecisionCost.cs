namespace HyperSearch.Benchmarks;

/// <summary>What the events of some studies cost, each number per event.</summary>
internal sealed class DecisionCost(RuleMeter meter, double cpuSeconds, double seconds, long bytes)
{
    private static readonly DecisionKind[] All = Enum.GetValues<DecisionKind>();

    private double Events => meter.Events(All);

    // The clock also counts what other processes take; the rules' share of it is their share of the processor time.
    private double Share => cpuSeconds / seconds;

    /// <summary>Processor time in the rules.</summary>
    public double RuleSeconds => Share * meter.Seconds(All) / Events;

    /// <summary>Processor time in the rules of an offer or an end: what a scheduler decides on.</summary>
    public double SchedulerSeconds => Share * meter.Seconds(DecisionKind.Offer, DecisionKind.End) / meter.Events(DecisionKind.Offer, DecisionKind.End);

    public double RuleBytes => meter.Bytes(All) / Events;

    /// <summary>Processor time of the process.</summary>
    public double CpuSeconds => cpuSeconds / Events;

    public double Seconds => seconds / Events;

    public double AllBytes => bytes / Events;

    /// <summary>Bytes allocated in the rules by one kind of event.</summary>
    public double Bytes(DecisionKind kind) => (double)meter.Bytes(kind) / meter.Events(kind);
}
