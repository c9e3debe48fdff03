using System.Collections.Immutable;

namespace HyperSearch.Core.Samplers;

/// <summary>The configurations that a user chose, by trial number. Immutable, so that a sampler can keep those that its choices rest on.</summary>
internal sealed class EnqueuedConfigurations
{
    /// <summary>None.</summary>
    public static EnqueuedConfigurations None { get; } = new(ImmutableSortedDictionary<int, ulong>.Empty);

    private readonly ImmutableSortedDictionary<int, ulong> _byNumber;

    private EnqueuedConfigurations(ImmutableSortedDictionary<int, ulong> byNumber) => _byNumber = byNumber;

    /// <summary>These and one more.</summary>
    public EnqueuedConfigurations With(int number, ulong fingerprint) => new(_byNumber.SetItem(number, fingerprint));

    /// <summary>The fingerprint of an enqueued trial; null where the number is not enqueued.</summary>
    public ulong? At(int number) => _byNumber.TryGetValue(number, out ulong fingerprint) ? fingerprint : null;

    /// <summary>Whether a number below this one is enqueued.</summary>
    public bool AnyBelow(int number)
    {
        foreach (int first in _byNumber.Keys)
        {
            return first < number;
        }

        return false;
    }

    /// <summary>The lowest number that is not the same in both; <see cref="int.MaxValue"/> when they are equal.</summary>
    public int FirstDifference(EnqueuedConfigurations other)
    {
        if (ReferenceEquals(this, other))
        {
            return int.MaxValue;
        }

        foreach ((KeyValuePair<int, ulong> mine, KeyValuePair<int, ulong> its) in _byNumber.Zip(other._byNumber))
        {
            if (!mine.Equals(its))
            {
                return Math.Min(mine.Key, its.Key);
            }
        }

        int common = Math.Min(_byNumber.Count, other._byNumber.Count);
        return _byNumber.Keys.Skip(common).Concat(other._byNumber.Keys.Skip(common)).DefaultIfEmpty(int.MaxValue).First();
    }
}
