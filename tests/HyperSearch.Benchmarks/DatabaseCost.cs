namespace HyperSearch.Benchmarks;

/// <summary>What one offer and the events of its segment cost: the medians of a block, and processor time and commands on the mean.</summary>
internal sealed record DatabaseCost(double OfferMs, double EventsMs, double CpuMs, double Commands);
