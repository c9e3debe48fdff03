using HyperSearch.Core.Studies;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>
/// What linear layers, convolutions and the products of attention compute in. In bfloat16 each call casts what goes in and
/// gives back float32, so that weights, their gradients and everything between two calls, such as normalisation, softmax and
/// loss, stay float32 (Micikevicius et al., 2018, section 3.1; bfloat16 has the range of float32, so no loss is scaled).
/// </summary>
internal sealed class Precision
{
    private const torch.ScalarType Whole = torch.ScalarType.Float32;
    private const torch.ScalarType Reduced = torch.ScalarType.BFloat16;

    private Precision(bool isReduced) => IsReduced = isReduced;

    /// <summary>float32 as it is.</summary>
    public static Precision Fp32 { get; } = new(isReduced: false);

    /// <summary>bfloat16.</summary>
    public static Precision Bf16 { get; } = new(isReduced: true);

    /// <summary>Whether calls cast.</summary>
    public bool IsReduced { get; }

    /// <summary>The precision of that name in <see cref="Precisions"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static Precision Of(string name) => name switch
    {
        Precisions.Fp32 => Fp32,
        Precisions.Bf16 => Bf16,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such precision."),
    };

    /// <summary>Inputs [.., width] times weights [outputs, width] transposed, plus the bias.</summary>
    public torch.Tensor Linear(torch.Tensor x, torch.Tensor weight, torch.Tensor bias)
    {
        if (!IsReduced)
        {
            return F.linear(x, weight, bias);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return F.linear(x.to(Reduced), weight.to(Reduced), bias.to(Reduced)).to(Whole).MoveToOuterDisposeScope();
    }

    /// <summary>The products of two batches of matrices.</summary>
    public torch.Tensor Product(torch.Tensor left, torch.Tensor right)
    {
        if (!IsReduced)
        {
            return left.bmm(right);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return left.to(Reduced).bmm(right.to(Reduced)).to(Whole).MoveToOuterDisposeScope();
    }

    /// <summary>The same numbers as the reduced precision can say them, in float32.</summary>
    public static torch.Tensor Rounded(torch.Tensor x)
    {
        using torch.Tensor reduced = x.to(Reduced);
        return reduced.to(Whole);
    }

    /// <summary>A convolution of images [n, channels, height, width].</summary>
    public torch.Tensor Convolution(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, long[] stride, long[] padding, long[] dilation, long groups)
    {
        if (!IsReduced)
        {
            return F.conv2d(x, weight, bias, stride, padding, dilation, groups);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return F.conv2d(x.to(Reduced), weight.to(Reduced), bias?.to(Reduced), stride, padding, dilation, groups).to(Whole).MoveToOuterDisposeScope();
    }
}
