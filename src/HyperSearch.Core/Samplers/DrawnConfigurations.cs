using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Independent draws without repeats: a configuration that a lower number has is drawn again with draw index 1..100; then a
/// finite space gives its first unused cell from a hashed start.
/// </summary>
/// <param name="space">What is drawn from.</param>
/// <param name="seed">The study's seed.</param>
/// <param name="first">What stands for the first draw of a number; null for an independent draw like the others.</param>
internal sealed class DrawnConfigurations(CellSpace space, long seed, Func<int, ParameterSet>? first = null) : NumberedChoices
{
    private const int Redraws = 100;

    // A continuum has at least a million values on an axis and a study at most a tenth of that in trials, so that a draw
    // repeats with a probability of little over one half at worst; this many in a row do not happen.
    private const int MostDraws = 10_000;

    /// <summary>The configuration of a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Every configuration is used.</exception>
    public ParameterSet At(int number, TrialHistory history)
    {
        // A draw index, or the complement of a cell.
        long choice = ChoiceOf(number, history);
        return choice < 0 ? space.At(~choice) : Drawn(number, choice);
    }

    /// <inheritdoc/>
    protected override (long Choice, ulong Fingerprint) Choose(int number, long before)
    {
        bool walks = space.Cells <= PermutedCells.MostCells;
        int draws = walks ? Redraws : MostDraws;
        for (int draw = 0; draw <= draws; draw++)
        {
            if (Fingerprint.Of(Drawn(number, draw)) is var fingerprint && !IsUsed(fingerprint))
            {
                return (draw, fingerprint);
            }
        }

        return walks ? FirstUnused(number) : throw new InvalidOperationException($"{MostDraws} draws gave no new configuration.");
    }

    private ParameterSet Drawn(int number, long draw) => first is not null && draw == 0
        ? first(number)
        : space.Draw(i => StableMix.Hash(seed, space.Axes[i].Hyperparameter.Name, number, draw));

    private (long Choice, ulong Fingerprint) FirstUnused(int number)
    {
        long cells = space.Cells!.Value;
        long start = StableMix.Below(StableMix.Hash(seed, "first_unused", number), cells);
        for (long i = 0; i < cells; i++)
        {
            long cell = (start + i) % cells;
            if (space.IsFirst(cell) && Fingerprint.Of(space.At(cell)) is var fingerprint && !IsUsed(fingerprint))
            {
                return (~cell, fingerprint);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(number), number, "Every configuration is used.");
    }
}
