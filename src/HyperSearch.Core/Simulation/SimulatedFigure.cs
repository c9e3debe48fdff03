namespace HyperSearch.Core.Simulation;

/// <summary>A number of interest over several simulated studies.</summary>
/// <param name="N">Studies that have it.</param>
/// <param name="Mean">Its mean; null when none has it.</param>
/// <param name="StandardError">The standard error of the mean: sample standard deviation over the root of N; null below two.</param>
public sealed record SimulatedFigure(int N, double? Mean, double? StandardError)
{
    /// <summary>The figure of some values; a missing one is left out.</summary>
    /// <param name="values">One per study.</param>
    public static SimulatedFigure Of(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        if (known.Length == 0)
        {
            return new(0, null, null);
        }

        double mean = known.Average();
        double squares = known.Sum(v => (v - mean) * (v - mean));
        return new(known.Length, mean, known.Length < 2 ? null : Math.Sqrt(squares / (known.Length - 1) / known.Length));
    }
}
