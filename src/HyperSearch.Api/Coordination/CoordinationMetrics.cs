using System.Diagnostics.Metrics;

namespace HyperSearch.Api.Coordination;

/// <summary>Counters of the coordination.</summary>
internal sealed class CoordinationMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "HyperSearch.Coordination";

    public CoordinationMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        EventsApplied = meter.CreateCounter<long>("hypersearch.events.applied", "{event}");
        EventsDropped = meter.CreateCounter<long>("hypersearch.events.dropped", "{event}", "Events of other attempts, repetitions, deleted studies");
        EventsPoisoned = meter.CreateCounter<long>("hypersearch.events.poisoned", "{event}", "Events moved to the error queue");
        WorkersGivenUp = meter.CreateCounter<long>("hypersearch.workers.given_up", "{worker}");
        TrialsAssigned = meter.CreateCounter<long>("hypersearch.trials.assigned", "{trial}");
    }

    public Counter<long> EventsApplied { get; }

    public Counter<long> EventsDropped { get; }

    public Counter<long> EventsPoisoned { get; }

    public Counter<long> WorkersGivenUp { get; }

    public Counter<long> TrialsAssigned { get; }
}
