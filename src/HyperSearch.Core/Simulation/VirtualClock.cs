namespace HyperSearch.Core.Simulation;

/// <summary>Time that passes only from one event to the next. Events of the same time come in the order in which they were planned.</summary>
internal sealed class VirtualClock
{
    private readonly PriorityQueue<Action, (double Time, long Order)> _events = new();
    private long _planned;

    /// <summary>Seconds since the start.</summary>
    public double Seconds { get; private set; }

    /// <summary>Plans an event.</summary>
    public void After(double seconds, Action action) => _events.Enqueue(action, (Seconds + seconds, _planned++));

    /// <summary>Goes on to the next event; false when there is none.</summary>
    public bool Step()
    {
        if (!_events.TryDequeue(out Action? action, out (double Time, long Order) at))
        {
            return false;
        }

        Seconds = at.Time;
        action();
        return true;
    }
}
