namespace HyperSearch.Core.Tests.Samplers;

/// <summary>Tests of distributions; the values are fixed by a seed, so that they hold or do not.</summary>
internal static class Statistics
{
    /// <summary>Kolmogorov-Smirnov at 1 in 1,000.</summary>
    public static void ShouldBeUniform(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double distance = sorted.Select((v, i) => Math.Max(Math.Abs(v - (double)i / sorted.Length), Math.Abs(v - (i + 1.0) / sorted.Length))).Max();
        (distance * Math.Sqrt(sorted.Length)).ShouldBeLessThan(1.95);
    }
}
