using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Samplers;

/// <summary>Configurations in a fixed order: the sampled numbers take them one after another, past those that were enqueued with a lower number.</summary>
/// <param name="length">Places in the order.</param>
/// <param name="distinct">Whether every place has a configuration, so that without enqueued ones a number's place is the number.</param>
/// <param name="at">The normalised parameters of a place; null for one that is skipped. No two are equal.</param>
internal sealed class CellSequence(long length, bool distinct, Func<long, ParameterSet?> at) : NumberedChoices
{
    /// <summary>The place of a number's configuration.</summary>
    /// <exception cref="ArgumentOutOfRangeException">All configurations before this number are taken.</exception>
    public long PlaceOf(int number, TrialHistory history)
    {
        if (!distinct || history.Enqueued.AnyBelow(number))
        {
            return ChoiceOf(number, history);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, length);
        return number;
    }

    /// <inheritdoc/>
    protected override (long Choice, ulong Fingerprint) Choose(int number, long before)
    {
        for (long place = before + 1; place < length; place++)
        {
            if (at(place) is { } set && Fingerprint.Of(set) is var fingerprint && !IsUsed(fingerprint))
            {
                return (place, fingerprint);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(number), number, "Every configuration is used.");
    }
}
