namespace HyperSearch.Core.Samplers;

/// <summary>Kernels of evenly spaced points: a point's probability is the kernel's in the interval halfway to its neighbours.</summary>
/// <param name="points">Number of points, at least 2.</param>
internal sealed class LatticeKernels(long points) : NormalKernels
{
    // Kernels of observations differ by shifts alone, so that distances in steps have one table.
    private double[] _logOfDistance = [];
    private double[] _logInside = [];
    private int[] _indices = [];

    /// <inheritdoc/>
    public override void AddLogDensities(double coordinate, Span<double> sums)
    {
        int index = IndexOf(coordinate);
        double priorScore = Math.Log(NormalDistribution.Between(((double)index / points) - 0.5, ((index + 1.0) / points) - 0.5));
        for (int kernel = 0; kernel < sums.Length; kernel++)
        {
            int other = _indices[kernel];
            sums[kernel] += (other < 0 ? priorScore : _logOfDistance[Math.Abs(index - other)]) - _logInside[kernel];
        }
    }

    /// <inheritdoc/>
    protected override void Begin(int kernels, double width)
    {
        base.Begin(kernels, width);
        _logInside = Room(_logInside, kernels);
        _indices = Room(_indices, kernels);
        _logOfDistance = Room(_logOfDistance, (int)points);
        double step = 1 / (points * width);
        double above = NormalDistribution.UpperTail(0.5 * step);
        _logOfDistance[0] = Math.Log(NormalDistribution.Between(-0.5 * step, 0.5 * step));
        for (int distance = 1; distance < points; distance++)
        {
            double next = NormalDistribution.UpperTail((distance + 0.5) * step);
            _logOfDistance[distance] = Math.Log(above - next);
            above = next;
        }
    }

    /// <inheritdoc/>
    protected override void Place(int kernel, double coordinate)
    {
        base.Place(kernel, coordinate);
        _indices[kernel] = double.IsNaN(coordinate) ? -1 : IndexOf(coordinate);
        _logInside[kernel] = Math.Log(Inside(kernel));
    }

    private int IndexOf(double coordinate) => (int)Math.Min((long)(coordinate * points), points - 1);
}
