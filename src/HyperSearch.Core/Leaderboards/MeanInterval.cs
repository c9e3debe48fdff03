namespace HyperSearch.Core.Leaderboards;

/// <summary>A mean and the interval of Student's t around it in which the true mean lies with 95 % confidence.</summary>
/// <param name="Count">Values.</param>
/// <param name="Mean">Their mean; null without values.</param>
/// <param name="Low">Lower end; null below two values.</param>
/// <param name="High">Upper end; null below two values.</param>
internal readonly record struct MeanInterval(int Count, double? Mean, double? Low, double? High)
{
    /// <summary>The interval of independent, about normally distributed values.</summary>
    public static MeanInterval Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return default;
        }

        double mean = values.Average();
        if (values.Count == 1)
        {
            return new(1, mean, null, null);
        }

        double variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
        double half = StudentT.Critical(values.Count - 1) * Math.Sqrt(variance / values.Count);
        return new(values.Count, mean, mean - half, mean + half);
    }
}
