using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies;

public sealed class ConvnetModelTests : TrialFixture
{
    [Fact]
    public void Forward_OneImage_GivesWhatItGivesInABatch()
    {
        using TrainableModel model = ModelLoader.ForTraining(ModelFamilyCatalog.Convnet, null, Decoded.Get(Dataset, "idx"), 1, torch.CPU).Model;
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor images = torch.randn(3, 1, 16, 16);

        float[] batch = [.. model.Forward(images, ForwardMode.Evaluation).data<float>()];
        float[] single = [.. model.Forward(images.narrow(0, 1, 1), ForwardMode.Evaluation).data<float>()];

        single.ShouldBe(batch[3..6], 1e-5f);
    }

    [Fact]
    public void Forward_MatchesTheDescribedBlocksOneByOne()
    {
        using TrainableModel model = ModelLoader.ForTraining(ModelFamilyCatalog.Convnet, null, Decoded.Get(Dataset, "idx"), 1, torch.CPU).Model;
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor x = torch.randn(5, 1, 16, 16), logits = model.Forward(x, ForwardMode.Evaluation);

        // Convolution, norm, ReLU, then the pool, as the description has them.
        for (int block = 0; block < 4; block++)
        {
            torch.Tensor Of(string name) => model[$"blocks.{block}.{name}"];
            x = torch.nn.functional.conv2d(x, Of("conv.weight"), padding: [1, 1]);
            torch.Tensor centred = x - Of("norm.running_mean").view(1, -1, 1, 1);
            x = centred / (Of("norm.running_var").view(1, -1, 1, 1) + 1e-5).sqrt() * Of("norm.weight").view(1, -1, 1, 1) + Of("norm.bias").view(1, -1, 1, 1);
            x = block < 3 ? torch.nn.functional.max_pool2d(x.relu(), 2) : x.relu();
            x.shape.ShouldBe([5, block == 0 ? 16 : block == 1 ? 32 : 64, block < 3 ? 16 >> (block + 1) : 2, block < 3 ? 16 >> (block + 1) : 2]);
        }

        torch.Tensor expected = x.mean([2, 3]).mm(model["head.weight"].t()) + model["head.bias"];
        logits.data<float>().ToArray().ShouldBe([.. expected.data<float>()], 1e-4f);
    }
}
