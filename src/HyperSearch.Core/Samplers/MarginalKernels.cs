namespace HyperSearch.Core.Samplers;

/// <summary>
/// The kernels of a Parzen estimator in one dimension of the unit cube: one per observation, then the prior. An observation
/// without a value there (momentum beside adamw) says nothing about it, so that its kernel is the prior's.
/// </summary>
internal abstract class MarginalKernels
{
    /// <summary>Fits the kernels to observations; arrays are kept from fit to fit.</summary>
    /// <param name="points">Points of the unit cube; NaN where there is no value.</param>
    /// <param name="dimension">The coordinate.</param>
    /// <param name="width">Standard deviation of numeric kernels.</param>
    public void Fit(List<double[]> points, int dimension, double width)
    {
        Begin(points.Count + 1, width);
        for (int kernel = 0; kernel < points.Count; kernel++)
        {
            Place(kernel, points[kernel][dimension]);
        }

        Place(points.Count, double.NaN);
    }

    /// <summary>Adds the logarithm of every kernel's height at a coordinate, of its probability on points.</summary>
    /// <param name="coordinate">0..1.</param>
    /// <param name="sums">One sum per kernel.</param>
    public abstract void AddLogHeights(double coordinate, Span<double> sums);

    /// <summary>The coordinate that a kernel gives for a uniform number.</summary>
    public abstract double Draw(int kernel, double uniform);

    /// <summary>Prepares for a number of kernels.</summary>
    protected abstract void Begin(int kernels, double width);

    /// <summary>Sets one kernel; NaN makes it the prior's.</summary>
    protected abstract void Place(int kernel, double coordinate);

    /// <summary>An array with room for a number of kernels.</summary>
    protected static T[] Room<T>(T[] array, int kernels) => array.Length >= kernels ? array : new T[Math.Max(kernels, 2 * array.Length)];
}
