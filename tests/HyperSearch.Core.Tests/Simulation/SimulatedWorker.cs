using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>A worker with one slot, as the host sees it.</summary>
internal sealed class SimulatedWorker(int id)
{
    private int _life;

    public int Id => id;

    public Guid Incarnation => new(id, 0, 0, BitConverter.GetBytes((long)_life));

    /// <summary>The attempt that holds the slot, or null.</summary>
    public AttemptFence? Held { get; set; }

    public bool Busy => Held is not null;

    /// <summary>Starts again as another life, with a free slot.</summary>
    public void Restart()
    {
        _life++;
        Held = null;
    }
}
