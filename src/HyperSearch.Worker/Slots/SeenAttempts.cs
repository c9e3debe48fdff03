using HyperSearch.Messaging;

namespace HyperSearch.Worker.Slots;

/// <summary>The highest attempt seen of each of the latest segments, so that a repeated order is not run twice.</summary>
internal sealed class SeenAttempts(int capacity = 100_000)
{
    private readonly Dictionary<AttemptReference, int> _highest = [];
    private readonly Queue<AttemptReference> _order = [];

    /// <summary>Notes an attempt. False when it, or a later one of the same segment, was noted before.</summary>
    public bool Add(AttemptReference attempt)
    {
        AttemptReference segment = attempt with { Attempt = 0 };
        if (_highest.TryGetValue(segment, out int highest))
        {
            _highest[segment] = Math.Max(highest, attempt.Attempt);
            return attempt.Attempt > highest;
        }

        _highest.Add(segment, attempt.Attempt);
        _order.Enqueue(segment);
        if (_order.Count > capacity)
        {
            _highest.Remove(_order.Dequeue());
        }

        return true;
    }
}
