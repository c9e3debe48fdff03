using System.Collections.Immutable;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// A mixture over the unit cube of one product kernel per observation and of the prior (Bergstra et al., NIPS 2011; the
/// multivariate form of Falkner, Klein and Hutter, ICML 2018). Weights, widths and kernels are those of Optuna 3.1.0's
/// TPESampler with multivariate=True. Not safe for several threads.
/// </summary>
internal sealed class ParzenEstimator
{
    private const double WidthFactor = 0.2;
    private const int FullWeights = 25;

    // A finer lattice is as good as none, and its kernels keep a table with an entry for every point.
    private const long FinestLattice = 10_000;

    private readonly ImmutableArray<(int Dimension, MarginalKernels Kernels)> _margins;
    private double[] _logWeights = [];
    private double[] _sums = [];

    /// <summary>An estimator over the axes that have more than one point; the others have coordinates without meaning.</summary>
    public ParzenEstimator(ImmutableArray<ParameterAxis> axes) =>
        _margins = [.. axes.Index().Where(a => a.Item.Count != 1).Select(a => (a.Index, Kernels(a.Item)))];

    /// <summary>Share of every kernel, in the order of the observations, the prior's last.</summary>
    public double[] Weights { get; private set; } = [];

    /// <summary>Number of kernels: the observations and the prior.</summary>
    public int Count { get; private set; }

    /// <summary>Standard deviation of the observations' numeric kernels; the prior's is 1.</summary>
    public double Width { get; private set; }

    /// <summary>Fits the mixture to observations.</summary>
    /// <param name="points">Points of the unit cube, oldest first; NaN where there is no value.</param>
    public void Fit(List<double[]> points)
    {
        Count = points.Count + 1;
        // Scott's rule by the number of observations, not below the range over the number of kernels ("magic clip").
        double scott = WidthFactor * Math.Pow(Math.Max(1, points.Count), -1.0 / (_margins.Length + 4));
        Width = Math.Clamp(scott, 1 / Math.Min(100.0, 1 + Count), 1);
        foreach ((int dimension, MarginalKernels kernels) in _margins)
        {
            kernels.Fit(points, dimension, Width);
        }

        Weigh(points.Count);
    }

    /// <summary>The logarithm of the mixture's height.</summary>
    /// <param name="point">A point of the unit cube; a dimension without value (NaN) is left out.</param>
    public double LogHeight(ReadOnlySpan<double> point)
    {
        Span<double> sums = _sums.AsSpan(0, Count);
        _logWeights.AsSpan(0, Count).CopyTo(sums);
        foreach ((int dimension, MarginalKernels kernels) in _margins)
        {
            if (!double.IsNaN(point[dimension]))
            {
                kernels.AddLogHeights(point[dimension], sums);
            }
        }

        return LogOfSum(sums);
    }

    /// <summary>Draws a point.</summary>
    /// <param name="key">The source of chance.</param>
    /// <param name="point">The coordinates of the dimensions with more than one point.</param>
    public void Draw(ulong key, Span<double> point)
    {
        int kernel = KernelAt(StableMix.Unit(StableMix.Fold(key, 0)));
        foreach ((int dimension, MarginalKernels kernels) in _margins)
        {
            point[dimension] = kernels.Draw(kernel, StableMix.Unit(StableMix.Fold(key, (ulong)dimension + 1)));
        }
    }

    private static MarginalKernels Kernels(ParameterAxis axis) => axis switch
    {
        ParameterAxis.Listed => new CategoricalKernels((int)axis.Count!),
        ParameterAxis.Lattice { Count: <= FinestLattice } => new LatticeKernels((int)axis.Count!.Value),
        ParameterAxis.Lattice or ParameterAxis.LogIntegers or ParameterAxis.Decimals or ParameterAxis.Continuous => new ContinuousKernels(),
        _ => throw new InvalidOperationException($"Unknown axis {axis.GetType().Name}."),
    };

    private static double LogOfSum(ReadOnlySpan<double> logs)
    {
        double most = double.NegativeInfinity;
        foreach (double log in logs)
        {
            most = Math.Max(most, log);
        }

        double sum = 0;
        foreach (double log in logs)
        {
            sum += Math.Exp(log - most);
        }

        return most + Math.Log(sum);
    }

    // The newest 25 observations and the prior count fully, older ones less, evenly down to 1/n.
    private void Weigh(int observations)
    {
        if (Weights.Length < Count)
        {
            Weights = new double[2 * Count];
            _logWeights = new double[2 * Count];
            _sums = new double[2 * Count];
        }

        int older = Math.Max(0, observations - FullWeights);
        double total = 0;
        for (int kernel = 0; kernel < Count; kernel++)
        {
            double low = 1.0 / observations;
            Weights[kernel] = kernel >= older ? 1 : older == 1 ? low : low + ((1 - low) * kernel / (older - 1));
            total += Weights[kernel];
        }

        for (int kernel = 0; kernel < Count; kernel++)
        {
            Weights[kernel] /= total;
            _logWeights[kernel] = Math.Log(Weights[kernel]);
        }
    }

    private int KernelAt(double share)
    {
        int kernel = 0;
        for (double rest = share - Weights[0]; rest >= 0 && kernel < Count - 1; rest -= Weights[kernel])
        {
            kernel++;
        }

        return kernel;
    }
}
