using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>One attempt of a trial on a worker.</summary>
internal sealed record SimulatedSegment(SimulatedWorker Worker, AttemptFence Fence, int From, int To)
{
    public List<EpochReport> Reports { get; } = [];

    public Checkpoint? Checkpoint { get; set; }

    /// <summary>Given up, but still sending.</summary>
    public bool Zombie { get; set; }
}
