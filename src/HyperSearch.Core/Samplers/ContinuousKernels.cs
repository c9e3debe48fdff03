namespace HyperSearch.Core.Samplers;

/// <summary>Kernels of a continuum, or of integers on a log scale.</summary>
internal sealed class ContinuousKernels : NormalKernels
{
    // The logarithm of the density at the mean.
    private double[] _peaks = [];

    /// <inheritdoc/>
    public override void AddLogDensities(double coordinate, Span<double> sums)
    {
        ReadOnlySpan<double> means = Means.AsSpan(0, sums.Length);
        ReadOnlySpan<double> widths = Widths.AsSpan(0, sums.Length);
        ReadOnlySpan<double> peaks = _peaks.AsSpan(0, sums.Length);
        for (int kernel = 0; kernel < sums.Length; kernel++)
        {
            double z = (coordinate - means[kernel]) / widths[kernel];
            sums[kernel] += peaks[kernel] - (0.5 * z * z);
        }
    }

    /// <inheritdoc/>
    protected override void Begin(int kernels, double width)
    {
        base.Begin(kernels, width);
        _peaks = Room(_peaks, kernels);
    }

    /// <inheritdoc/>
    protected override void Place(int kernel, double coordinate)
    {
        base.Place(kernel, coordinate);
        _peaks[kernel] = NormalDistribution.LogFactor - Math.Log(Widths[kernel] * Inside(kernel));
    }
}
