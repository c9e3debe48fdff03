using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>Independent draws without repeats: a configuration that a lower number has is drawn again.</summary>
/// <param name="space">What is drawn from.</param>
/// <param name="seed">The study's seed.</param>
/// <param name="first">What stands for the first draw of a number; null for an independent draw like the others.</param>
internal sealed class DrawnConfigurations(CellSpace space, long seed, Func<int, ParameterSet>? first = null) : NumberedChoices
{
    private readonly IndependentDraws _draws = new(space, seed);

    /// <summary>The configuration of a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Every configuration is used.</exception>
    public ParameterSet At(int number, TrialHistory history)
    {
        long choice = ChoiceOf(number, history);
        return choice == 0 && first is not null ? first(number) : _draws.At(number, choice);
    }

    /// <inheritdoc/>
    protected override (long Choice, ulong Fingerprint) Choose(int number, long before)
    {
        if (first is null)
        {
            return _draws.Unused(number, 0, IsUsed);
        }

        ulong fingerprint = Fingerprint.Of(first(number));
        return IsUsed(fingerprint) ? _draws.Unused(number, 1, IsUsed) : (0, fingerprint);
    }
}
