using System.Collections.Immutable;

namespace HyperSearch.Core.Schedulers;

/// <summary>
/// The epochs at which the trials of a multi-fidelity study are compared: r * eta^k while (r * eta^k)^2 * eta is at most
/// R^2, then R. In integers, because a floating logarithm loses a rung at exact powers (Li et al., JMLR 2018, state
/// the rule with a logarithm).
/// </summary>
public sealed record Ladder
{
    private Ladder(ImmutableArray<int> epochs) => Epochs = epochs;

    /// <summary>Epochs of every rung, ascending; the last is R.</summary>
    public ImmutableArray<int> Epochs { get; }

    /// <summary>K: the number of rungs, at least 1.</summary>
    public int Count => Epochs.Length;

    /// <summary>The ladder of one bracket that starts at r.</summary>
    /// <param name="minEpochs">r: epochs of the first rung, at least 1.</param>
    /// <param name="maxEpochs">R: epochs of the last rung, at least r.</param>
    /// <param name="reductionFactor">eta, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">r below 1, R below r, or eta below 2.</exception>
    public static Ladder Create(int minEpochs, int maxEpochs, int reductionFactor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minEpochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEpochs, minEpochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(reductionFactor, 2);
        ImmutableArray<int>.Builder epochs = ImmutableArray.CreateBuilder<int>();
        // Int128: R up to int.MaxValue squared, times eta, is beyond 64 bits.
        Int128 limit = (Int128)maxEpochs * maxEpochs;
        for (Int128 rung = minEpochs; rung * rung * reductionFactor <= limit; rung *= reductionFactor)
        {
            epochs.Add((int)rung);
        }

        epochs.Add(maxEpochs);
        return new(epochs.ToImmutable());
    }

    /// <summary>Trials of every rung when none fails: n_0, then max(1, floor(n / eta)).</summary>
    /// <param name="trials">n_0: trials of the first rung, at least 1.</param>
    /// <param name="reductionFactor">eta, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">No trial, or eta below 2.</exception>
    public ImmutableArray<int> Trials(int trials, int reductionFactor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(reductionFactor, 2);
        ImmutableArray<int>.Builder counts = ImmutableArray.CreateBuilder<int>(Count);
        for (int k = 0, n = trials; k < Count; k++, n = Math.Max(1, n / reductionFactor))
        {
            counts.Add(n);
        }

        return counts.MoveToImmutable();
    }
}
