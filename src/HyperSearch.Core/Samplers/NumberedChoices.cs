namespace HyperSearch.Core.Samplers;

/// <summary>
/// One choice for every number, each without the configurations of lower numbers, sampled or enqueued. Choices are made in
/// the order of the numbers and kept; where the enqueued ones are others than before, they are made again from there on.
/// </summary>
internal abstract class NumberedChoices
{
    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _used = [];
    private readonly List<Entry> _entries = [];
    private EnqueuedConfigurations _enqueued = EnqueuedConfigurations.None;

    /// <summary>The choice of a number.</summary>
    protected long ChoiceOf(int number, TrialHistory history)
    {
        lock (_lock)
        {
            Forget(from: _enqueued.FirstDifference(history.Enqueued));
            _enqueued = history.Enqueued;
            while (_entries.Count <= number)
            {
                Add(_entries.Count);
            }

            return _entries[number].Choice;
        }
    }

    /// <summary>Chooses a configuration that is not used.</summary>
    /// <param name="number">The number.</param>
    /// <param name="before">The choice of the sampled number before it; -1 for the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">Every configuration is used.</exception>
    protected abstract (long Choice, ulong Fingerprint) Choose(int number, long before);

    /// <summary>Whether a lower number has a configuration.</summary>
    protected bool IsUsed(ulong fingerprint) => _used.Contains(fingerprint);

    private void Add(int number)
    {
        long before = _entries.Count == 0 ? -1 : _entries[^1].Choice;
        (long choice, ulong fingerprint) = _enqueued.At(number) is { } chosen ? (before, chosen) : Choose(number, before);
        _entries.Add(new(choice, fingerprint, _used.Add(fingerprint)));
    }

    private void Forget(int from)
    {
        for (int i = _entries.Count - 1; i >= from; i--)
        {
            if (_entries[i].IsFirst)
            {
                _used.Remove(_entries[i].Fingerprint);
            }

            _entries.RemoveAt(i);
        }
    }

    // A user may choose what a lower number has.
    private readonly record struct Entry(long Choice, ulong Fingerprint, bool IsFirst);
}
