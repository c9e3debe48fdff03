namespace HyperSearch.Core.Samplers;

/// <summary>Normal kernels truncated to the unit interval; the prior has mean 1/2 and standard deviation 1.</summary>
internal abstract class NormalKernels : MarginalKernels
{
    private const double PriorMean = 0.5;
    private const double PriorWidth = 1;

    /// <summary>Means.</summary>
    protected double[] Means { get; private set; } = [];

    /// <summary>Standard deviations.</summary>
    protected double[] Widths { get; private set; } = [];

    /// <summary>Standard deviation of observations' kernels.</summary>
    protected double Width { get; private set; }

    /// <inheritdoc/>
    public override double Draw(int kernel, double uniform)
    {
        double below = NormalDistribution.UpperTail(Means[kernel] / Widths[kernel]);
        double quantile = NormalDistribution.Quantile(below + (uniform * Inside(kernel)));
        return Math.Clamp(Means[kernel] + (Widths[kernel] * quantile), 0, 1);
    }

    /// <summary>The probability of the unit interval before truncation.</summary>
    protected double Inside(int kernel) =>
        NormalDistribution.Between(-Means[kernel] / Widths[kernel], (1 - Means[kernel]) / Widths[kernel]);

    /// <inheritdoc/>
    protected override void Begin(int kernels, double width)
    {
        Width = width;
        Means = Room(Means, kernels);
        Widths = Room(Widths, kernels);
    }

    /// <inheritdoc/>
    protected override void Place(int kernel, double coordinate)
    {
        bool prior = double.IsNaN(coordinate);
        Means[kernel] = prior ? PriorMean : coordinate;
        Widths[kernel] = prior ? PriorWidth : Width;
    }
}
