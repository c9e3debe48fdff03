using System.Collections.Immutable;

namespace HyperSearch.Training.ModelFamilies.Convolutions;

/// <summary>A convolution and the batch norm behind it: sizes and names, before there are tensors.</summary>
internal sealed record ConvolutionPlan
{
    /// <summary>The block that it belongs to.</summary>
    public required int Block { get; init; }

    /// <summary>Channels that go in.</summary>
    public required int Inputs { get; init; }

    /// <summary>Channels that come out.</summary>
    public required int Outputs { get; init; }

    /// <summary>Side of the square kernel.</summary>
    public required int Kernel { get; init; }

    /// <summary>Step in pixels; default 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Groups of channels; default 1, <see cref="Inputs"/> for a depthwise convolution.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>What the batch norm adds to the variance; default 1e-5.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether the norm is folded into the kernels and a bias: then there are no tensors of a norm.</summary>
    public bool Folded { get; init; }

    /// <summary>Whether padding is TensorFlow's "SAME": as much as the stride needs, the odd zero at the bottom and on the right. Else half a kernel everywhere.</summary>
    public bool SamePadding { get; init; }

    /// <summary>Name of the convolution in each naming, without <c>.weight</c>.</summary>
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>Name of the batch norm in each naming.</summary>
    public required ImmutableArray<string> NormNames { get; init; }

    /// <summary>Its tensors.</summary>
    public IEnumerable<TensorSpec> Tensors()
    {
        long[] shape = [Outputs, Inputs / Groups, Kernel, Kernel];
        yield return Tensor(Names, "weight", TensorRole.Weight, InitialValue.KaimingFanOut(shape), shape);
        if (Folded)
        {
            yield return Tensor(Names, "bias", TensorRole.Undecayed, InitialValue.Zero, Outputs);
            yield break;
        }

        yield return Tensor(NormNames, "weight", TensorRole.Undecayed, InitialValue.One, Outputs);
        yield return Tensor(NormNames, "bias", TensorRole.Undecayed, InitialValue.Zero, Outputs);
        yield return Tensor(NormNames, "running_mean", TensorRole.Buffer, InitialValue.Zero, Outputs);
        yield return Tensor(NormNames, "running_var", TensorRole.Buffer, InitialValue.One, Outputs);
    }

    private TensorSpec Tensor(ImmutableArray<string> names, string part, TensorRole role, InitialValue initial, params ReadOnlySpan<long> shape) =>
        new($"{names[0]}.{part}", Block, role, [.. shape], initial) { Aliases = [.. names.Skip(1).Select(n => $"{n}.{part}")] };
}
