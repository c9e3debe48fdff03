using HyperSearch.Core.Studies;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies;

public sealed class PrecisionTests
{
    [Fact]
    public void Call_Bf16_RoundsWhatGoesInAndWhatComesOut()
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // 257 takes nine bits: as an input it becomes 256, as a sum too.
        torch.Tensor x = Row(257, 1), one = torch.ones(1, 2), none = torch.zeros(1);

        Precision.Bf16.Linear(x, Row(1, 0), none).item<float>().ShouldBe(256);
        Precision.Bf16.Linear(Row(256, 1), one, none).item<float>().ShouldBe(256);
        Precision.Bf16.Product(x.view(1, 1, 2), one.view(1, 2, 1)).item<float>().ShouldBe(256);
        Precision.Bf16.Convolution(x.view(1, 2, 1, 1), one.view(1, 2, 1, 1), null, [1, 1], [0, 0], [1, 1], 1).item<float>().ShouldBe(256);
        Precision.Fp32.Linear(x, one, none).item<float>().ShouldBe(258);
    }

    [Fact]
    public void Linear_Bf16_SendsFloat32GradientsToFloat32Weights()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor weight = torch.zeros(1, 2).requires_grad_(true), bias = torch.zeros(1).requires_grad_(true);
        for (int piece = 0; piece < 2; piece++)
        {
            Precision.Bf16.Linear(Row(256, 1), weight, bias).sum().backward();
        }

        // Gradients of two pieces add up in float32: bfloat16 could not hold 2 beside 512 in the third piece.
        Precision.Bf16.Linear(Row(1, 1), weight, bias).sum().backward();
        weight.grad!.dtype.ShouldBe(torch.ScalarType.Float32);
        weight.grad.data<float>().ToArray().ShouldBe([513, 3]);
        bias.grad!.item<float>().ShouldBe(3);
    }

    private static torch.Tensor Row(params float[] values) => torch.tensor(values).view(1, -1);

    [Fact]
    public void Find_OnAProcessor_IsAllOfThem() => DevicePrecisions.Find().ShouldBe(Precisions.All);
}
