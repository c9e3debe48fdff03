namespace HyperSearch.Training.ModelFamilies;

/// <summary>Where a tensor starts without pretrained weights.</summary>
internal abstract record InitialValue
{
    private InitialValue()
    {
    }

    /// <summary>All zero.</summary>
    public static InitialValue Zero { get; } = new Constant(0);

    /// <summary>All one.</summary>
    public static InitialValue One { get; } = new Constant(1);

    /// <summary>U(-b, b), b = 1/sqrt(inputs of one unit): what PyTorch gives linear layers and convolutions.</summary>
    public static InitialValue FanIn(params ReadOnlySpan<long> shape) => new Uniform(1 / Math.Sqrt(Product(shape[1..])));

    /// <summary>N(0, 2 / (outputs * kernel area)): He et al. 2015, equation 14, for layers that a ReLU follows.</summary>
    public static InitialValue KaimingFanOut(params ReadOnlySpan<long> shape) => new Normal(Math.Sqrt(2.0 / (shape[0] * Product(shape[2..]))));

    private static long Product(ReadOnlySpan<long> lengths)
    {
        long product = 1;
        foreach (long length in lengths)
        {
            product *= length;
        }

        return product;
    }

    /// <summary>The same value everywhere.</summary>
    public sealed record Constant(double Value) : InitialValue;

    /// <summary>Drawn evenly from -bound to bound.</summary>
    public sealed record Uniform(double Bound) : InitialValue;

    /// <summary>Drawn from a normal distribution around zero.</summary>
    public sealed record Normal(double Deviation) : InitialValue;
}
