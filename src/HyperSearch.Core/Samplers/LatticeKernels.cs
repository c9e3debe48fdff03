namespace HyperSearch.Core.Samplers;

/// <summary>Kernels of evenly spaced points: a point's probability is the kernel's in the interval halfway to its neighbours.</summary>
/// <param name="points">Number of points, at least 2.</param>
internal sealed class LatticeKernels(int points) : NormalKernels
{
    // Kernels of observations differ by shifts alone: one table for distances in steps, NaN where none was needed yet.
    private double[] _logOfDistance = [];
    private double[] _logInside = [];
    private int[] _indices = [];

    /// <inheritdoc/>
    public override void AddLogHeights(double coordinate, Span<double> sums)
    {
        int index = IndexOf(coordinate);
        double logPrior = Math.Log(NormalDistribution.Between(((double)index / points) - 0.5, ((index + 1.0) / points) - 0.5));
        for (int kernel = 0; kernel < sums.Length; kernel++)
        {
            int other = _indices[kernel];
            sums[kernel] += (other < 0 ? logPrior : LogOfDistance(Math.Abs(index - other))) - _logInside[kernel];
        }
    }

    /// <inheritdoc/>
    protected override void Begin(int kernels, double width)
    {
        base.Begin(kernels, width);
        _logInside = Room(_logInside, kernels);
        _indices = Room(_indices, kernels);
        _logOfDistance = Room(_logOfDistance, points);
        _logOfDistance.AsSpan().Fill(double.NaN);
    }

    /// <inheritdoc/>
    protected override void Place(int kernel, double coordinate)
    {
        base.Place(kernel, coordinate);
        _indices[kernel] = double.IsNaN(coordinate) ? -1 : IndexOf(coordinate);
        _logInside[kernel] = Math.Log(Inside(kernel));
    }

    private double LogOfDistance(int distance)
    {
        if (double.IsNaN(_logOfDistance[distance]))
        {
            double step = 1 / (points * Width);
            _logOfDistance[distance] = Math.Log(NormalDistribution.Between((distance - 0.5) * step, (distance + 0.5) * step));
        }

        return _logOfDistance[distance];
    }

    private int IndexOf(double coordinate) => Math.Min((int)(coordinate * points), points - 1);
}
