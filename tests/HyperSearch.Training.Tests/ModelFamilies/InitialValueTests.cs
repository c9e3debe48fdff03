using HyperSearch.Training.ModelFamilies.Resnet;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies;

/// <summary>What torchvision's constructors draw: He's normal for convolutions, PyTorch's uniform for the head.</summary>
public sealed class InitialValueTests
{
    [Fact]
    public void Initialize_Resnet_DrawsAsTorchvisionDoes()
    {
        ResnetConfig config = new()
        {
            Labels = ["a", "b"],
            Images = FamilySample.Images,
            HiddenSizes = [64, 64, 64, 64],
            Depths = [2, 2, 2, 2],
            Bottleneck = false,
        };
        using ResnetModel model = new(config, new ResnetPlan(config), torch.CPU);
        using DisposeScope scope = torch.NewDisposeScope();

        model.Initialize(0, model.Blocks, 1);

        // 36,864 draws: a relative error of the deviation of 1/sqrt(2n), here 0.4 %.
        model["layer2.1.conv1.weight"].std().item<float>().ShouldBe(MathF.Sqrt(2f / (64 * 9)), 0.001f);
        model["layer2.1.conv1.weight"].mean().item<float>().ShouldBe(0, 0.001f);
        model["fc.weight"].abs().max().item<float>().ShouldBeInRange(0.115f, 0.125f);
        model["fc.bias"].abs().max().item<float>().ShouldBeInRange(1e-6f, 0.125f);
        model["bn1.weight"].eq(1).all().item<bool>().ShouldBeTrue();
        model["bn1.bias"].eq(0).all().item<bool>().ShouldBeTrue();
        model["bn1.running_mean"].eq(0).all().item<bool>().ShouldBeTrue();
        model["bn1.running_var"].eq(1).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Initialize_SameSeed_DrawsTheSame()
    {
        ResnetConfig config = new()
        {
            Labels = ["a", "b"],
            Images = FamilySample.Images,
            HiddenSizes = [4, 4, 4, 4],
            Depths = [2, 2, 2, 2],
            Bottleneck = false,
        };
        using ResnetModel one = new(config, new ResnetPlan(config), torch.CPU), other = new(config, new ResnetPlan(config), torch.CPU);

        one.Initialize(0, 5, 1);
        other.Initialize(0, 5, 1);
        other.Parameters.bytes.SequenceEqual(one.Parameters.bytes).ShouldBeTrue();

        other.Initialize(0, 5, 2);
        other.Parameters.bytes.SequenceEqual(one.Parameters.bytes).ShouldBeFalse();
    }
}
