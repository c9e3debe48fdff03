using HyperSearch.Training;

namespace HyperSearch.Benchmarks;

/// <summary>What is made of repeated measurements.</summary>
internal static class Statistics
{
    private const int Resamples = 10_000;
    private const double Tail = 0.025;
    private const ulong Seed = 1;

    /// <summary>The middle number; of an even count the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers];
        return Median(sorted);
    }

    /// <summary>The 95 % interval of the median: percentiles of the medians of seeded resamples (Efron, 1979).</summary>
    /// <param name="numbers">The measurements.</param>
    public static (double Low, double High) MedianInterval(IReadOnlyList<double> numbers)
    {
        SeededGenerator generator = new(Seed);
        double[] medians = new double[Resamples], drawn = new double[numbers.Count];
        for (int i = 0; i < medians.Length; i++)
        {
            for (int j = 0; j < drawn.Length; j++)
            {
                drawn[j] = numbers[generator.Next(numbers.Count)];
            }

            medians[i] = Median(drawn);
        }

        Array.Sort(medians);
        return (medians[(int)(Tail * Resamples)], medians[(int)((1 - Tail) * Resamples) - 1]);
    }

    // Sorts what it is given.
    private static double Median(double[] numbers)
    {
        Array.Sort(numbers);
        return (numbers[(numbers.Length - 1) / 2] + numbers[numbers.Length / 2]) / 2;
    }
}
