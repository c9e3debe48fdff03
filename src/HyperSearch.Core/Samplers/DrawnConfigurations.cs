using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Independent draws without repeats: a configuration that an earlier number has is drawn again with draw index 1..100;
/// then a finite space gives its first unused cell from a hashed start. Remembers 64 bits and one choice per number.
/// </summary>
internal sealed class DrawnConfigurations(CellSpace space, long seed)
{
    private const int Redraws = 100;

    // A continuum has at least a million values on an axis and a study at most a tenth of that in trials, so that a draw
    // repeats with a probability of little over one half at worst; this many in a row do not happen.
    private const int MostDraws = 10_000;

    private readonly Lock _lock = new();

    // Two sets with the same hash cost one needless redraw, no more.
    private readonly HashSet<ulong> _used = [];
    private readonly List<Choice> _choices = [];

    /// <summary>The configuration of a number below the count of distinct ones.</summary>
    public ParameterSet At(int number)
    {
        lock (_lock)
        {
            while (_choices.Count <= number)
            {
                _choices.Add(Choose(_choices.Count));
            }

            Choice choice = _choices[number];
            return choice.IsCell ? space.At(choice.Index) : Drawn(number, choice.Index);
        }
    }

    private ParameterSet Drawn(int number, long draw) => space.Draw(name => StableMix.Hash(seed, name, number, draw));

    private Choice Choose(int number)
    {
        bool walks = space.Cells <= PermutedCells.MostCells;
        int draws = walks ? Redraws : MostDraws;
        for (int draw = 0; draw <= draws; draw++)
        {
            if (_used.Add(Fingerprint(Drawn(number, draw))))
            {
                return new(false, draw);
            }
        }

        return walks ? FirstUnused(number) : throw new InvalidOperationException($"{MostDraws} draws gave no new configuration.");
    }

    private Choice FirstUnused(int number)
    {
        long cells = space.Cells!.Value;
        long start = StableMix.Below(StableMix.Hash(seed, "first_unused", number), cells);
        for (long i = 0; i < cells; i++)
        {
            long cell = (start + i) % cells;
            if (space.IsFirst(cell) && _used.Add(Fingerprint(space.At(cell))))
            {
                return new(true, cell);
            }
        }

        throw new InvalidOperationException("Every configuration is used.");
    }

    private static ulong Fingerprint(ParameterSet set)
    {
        ulong hash = 0;
        foreach (Hyperparameter h in HyperparameterCatalog.All)
        {
            // NaN never is a value, so its bits can stand for "no meaning".
            hash = StableMix.Fold(hash, BitConverter.DoubleToUInt64Bits(set[h] ?? double.NaN));
        }

        return hash;
    }

    private readonly record struct Choice(bool IsCell, long Index);
}
