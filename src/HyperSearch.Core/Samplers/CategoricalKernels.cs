namespace HyperSearch.Core.Samplers;

/// <summary>
/// Kernels of a list: an observation has weight 1 on its choice and the prior's weight, 1 over the number of kernels, on
/// each; the prior is uniform.
/// </summary>
/// <param name="choices">Number of choices, at least 2.</param>
internal sealed class CategoricalKernels(int choices) : MarginalKernels
{
    private int[] _indices = [];
    private double _smoothing;
    private double _logSame;
    private double _logOther;

    /// <inheritdoc/>
    public override void AddLogHeights(double coordinate, Span<double> sums)
    {
        int index = IndexOf(coordinate);
        double logPrior = -Math.Log(choices);
        for (int kernel = 0; kernel < sums.Length; kernel++)
        {
            int other = _indices[kernel];
            sums[kernel] += other < 0 ? logPrior : other == index ? _logSame : _logOther;
        }
    }

    /// <inheritdoc/>
    public override double Draw(int kernel, double uniform)
    {
        double share = (uniform * (1 + (choices * _smoothing))) - 1;
        int index = _indices[kernel] < 0 ? IndexOf(uniform)
            : share < 0 ? _indices[kernel]
            : IndexOf(share / (choices * _smoothing));
        return (index + 0.5) / choices;
    }

    /// <inheritdoc/>
    protected override void Begin(int kernels, double width)
    {
        _indices = Room(_indices, kernels);
        _smoothing = 1.0 / kernels;
        _logSame = Math.Log((1 + _smoothing) / (1 + (choices * _smoothing)));
        _logOther = Math.Log(_smoothing / (1 + (choices * _smoothing)));
    }

    /// <inheritdoc/>
    protected override void Place(int kernel, double coordinate) =>
        _indices[kernel] = double.IsNaN(coordinate) ? -1 : IndexOf(coordinate);

    private int IndexOf(double coordinate) => Math.Min((int)(coordinate * choices), choices - 1);
}
