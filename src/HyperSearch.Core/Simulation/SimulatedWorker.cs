using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Simulation;

/// <summary>A worker with one slot, as the host sees it.</summary>
internal sealed class SimulatedWorker(int id) : IComparable<SimulatedWorker>
{
    private int _life;

    public int Id => id;

    public Guid Incarnation => new(id, 0, 0, BitConverter.GetBytes((long)_life));

    /// <summary>The attempt that holds the slot, or null.</summary>
    public AttemptFence? Held { get; set; }

    /// <summary>Starts again as another life.</summary>
    public void Restart() => _life++;

    public int CompareTo(SimulatedWorker? other) => other is null ? 1 : Id.CompareTo(other.Id);
}
