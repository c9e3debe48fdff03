using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Configurations drawn one value apart from the other, each by (seed, name, number, draw). A choice is a draw index, or the
/// complement of a cell.
/// </summary>
/// <param name="space">What is drawn from.</param>
/// <param name="seed">The study's seed.</param>
internal sealed class IndependentDraws(CellSpace space, long seed)
{
    private const int Redraws = 100;

    // A continuum has at least a million values on an axis and a study at most a tenth of that in trials, so that a draw
    // repeats with a probability of little over one half at worst; this many in a row do not happen.
    private const int MostDraws = 10_000;

    /// <summary>The configuration of a choice.</summary>
    public ParameterSet At(int number, long choice) =>
        choice < 0 ? space.At(~choice) : space.Of(i => space.Axes[i].Draw(StableMix.Hash(seed, space.Axes[i].Hyperparameter.Name, number, choice)));

    /// <summary>The first draw up to index 100 that is not used; then, in a finite space, the first unused cell from a hashed start.</summary>
    /// <param name="number">The trial's number.</param>
    /// <param name="firstDraw">0, or 1 where something else stands for the first draw.</param>
    /// <param name="isUsed">Whether the configuration of a fingerprint is used.</param>
    /// <exception cref="ArgumentOutOfRangeException">Every configuration is used.</exception>
    public (long Choice, ulong Fingerprint) Unused(int number, int firstDraw, Func<ulong, bool> isUsed)
    {
        bool walks = space.Cells <= PermutedCells.MostCells;
        int draws = walks ? Redraws : MostDraws;
        for (int draw = firstDraw; draw <= draws; draw++)
        {
            if (Fingerprint.Of(At(number, draw)) is var fingerprint && !isUsed(fingerprint))
            {
                return (draw, fingerprint);
            }
        }

        return walks ? FirstUnused(number, isUsed) : throw new InvalidOperationException($"{MostDraws} draws gave no new configuration.");
    }

    private (long Choice, ulong Fingerprint) FirstUnused(int number, Func<ulong, bool> isUsed)
    {
        long cells = space.Cells!.Value;
        long start = StableMix.Below(StableMix.Hash(seed, "first_unused", number), cells);
        for (long i = 0; i < cells; i++)
        {
            long cell = (start + i) % cells;
            if (space.IsFirst(cell) && Fingerprint.Of(space.At(cell)) is var fingerprint && !isUsed(fingerprint))
            {
                return (~cell, fingerprint);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(number), number, "Every configuration is used.");
    }
}
