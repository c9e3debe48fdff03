using System.Collections.Immutable;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Schedulers;

/// <summary>
/// The brackets of hyperband (Li et al., JMLR 2018, algorithm 1): s = K-1, ..., 0; bracket s starts with
/// n_s = ceil(K * eta^s / (s+1)) trials on rung K-1-s and goes on as successive halving. In integers, as the ladder is.
/// </summary>
public static class HyperbandBrackets
{
    /// <summary>
    /// All brackets in order; numbers are given bracket after bracket. With fewer trials than planned the last brackets lose
    /// theirs first: one is cut short and those after it do not exist.
    /// </summary>
    /// <param name="ladder">The rungs of the first bracket.</param>
    /// <param name="reductionFactor">eta, at least 2.</param>
    /// <param name="trials">Trials of the study, 1 to the planned ones; null for all planned ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">eta below 2, no trial, or more than planned.</exception>
    /// <exception cref="ArgumentException">More than 100,000 planned trials, which no ladder of at most 10,000 epochs and eta up to 16 has.</exception>
    public static ImmutableArray<HyperbandBracket> Create(Ladder ladder, int reductionFactor, int? trials = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(reductionFactor, 2);
        int[] planned = Planned(ladder.Count, reductionFactor);
        int left = trials ?? planned.Sum();
        ArgumentOutOfRangeException.ThrowIfLessThan(left, 1, nameof(trials));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left, planned.Sum(), nameof(trials));
        ImmutableArray<HyperbandBracket>.Builder brackets = ImmutableArray.CreateBuilder<HyperbandBracket>(planned.Length);
        for (int first = 0, rung = 0; left > 0; rung++)
        {
            int n = Math.Min(planned[rung], left);
            brackets.Add(new(first, rung, ladder.Epochs[rung..], ladder.Trials(n, reductionFactor)[..^rung]));
            first += n;
            left -= n;
        }

        return brackets.ToImmutable();
    }

    // n_s in the order of the brackets. The powers rise from s = 0, so that the sum is refused long before one overflows.
    private static int[] Planned(int rungs, int eta)
    {
        int[] planned = new int[rungs];
        long total = 0;
        long power = 1;
        for (int s = 0; s < rungs; s++, power *= eta)
        {
            long n = (rungs * power + s) / (s + 1);
            total += n;
            if (total > StudyFields.MostTrials)
            {
                throw new ArgumentException($"The brackets have more than {StudyFields.MostTrials} trials.", nameof(rungs));
            }

            planned[rungs - 1 - s] = (int)n;
        }

        return planned;
    }
}
