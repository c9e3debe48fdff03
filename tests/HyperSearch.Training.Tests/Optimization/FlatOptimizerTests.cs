using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Convnet;
using HyperSearch.Training.Optimization;
using TorchSharp;

namespace HyperSearch.Training.Tests.Optimization;

/// <summary>Every rule against an independent computation with plain numbers, parameter by parameter.</summary>
public sealed class FlatOptimizerTests : IDisposable
{
    private static readonly ParameterSet Defaults = ModelFamilyCatalog.Convnet.Defaults;

    private readonly TrainableModel _model = new ConvnetFamily().Create(
        new ConvnetConfig { HiddenSizes = [2, 3, 4, 5], Labels = ["a", "b"], Images = new() { Channels = 1, Size = 16, Mean = [0], Std = [1] } },
        torch.CPU);

    public FlatOptimizerTests() => _model.Initialize(0, 4, 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Step_AdamW_FollowsThePaper(bool onePass)
    {
        const double rate = 0.01, decay = 0.1;
        using AdamW optimizer = new(_model, Defaults.With(HyperparameterCatalog.WeightDecay, decay), 0, onePass);
        optimizer.Thaw(0);
        double[] expected = Parameters(), first = new double[expected.Length], second = new double[expected.Length];
        bool[] decayed = Decayed();
        for (int step = 1; step <= 3; step++)
        {
            double[] gradients = SetGradients((ulong)step);
            for (int i = 0; i < expected.Length; i++)
            {
                first[i] = 0.9 * first[i] + 0.1 * gradients[i];
                second[i] = 0.999 * second[i] + 0.001 * gradients[i] * gradients[i];
                double mean = first[i] / (1 - Math.Pow(0.9, step)), square = second[i] / (1 - Math.Pow(0.999, step));
                expected[i] = expected[i] * (decayed[i] ? 1 - rate * decay : 1) - rate * mean / (Math.Sqrt(square) + 1e-8);
            }

            optimizer.Step(rate);
        }

        Parameters().ShouldBe(expected, 1e-6);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void Step_UnitsThatDied_LeavesNoNumbersThatAreSlowToComputeWith(OptimizerKind kind)
    {
        using FlatOptimizer optimizer = FlatOptimizer.Create(_model, Defaults.With(HyperparameterCatalog.Optimizer, (int)kind), 0);
        optimizer.Thaw(0);
        SetGradients(1);
        optimizer.Step(0.01);
        optimizer.ZeroGradients();

        for (int step = 0; step < 1100; step++)
        {
            optimizer.Step(0.01);
        }

        ((IEnumerable<float>)[.. optimizer.Moments[0].data<float>()]).ShouldAllBe(m => m == 0);
    }

    [Fact]
    public void Step_AdamWOfALargeBlock_IsTheSameWithAnyThreads()
    {
        using TrainableModel model = new ConvnetFamily().Create(
            new ConvnetConfig { HiddenSizes = [2, 251, 257, 5], Labels = ["a", "b"], Images = new() { Channels = 1, Size = 16, Mean = [0], Std = [1] } },
            torch.CPU);
        byte[] alone = Stepped(1);

        Stepped(3).ShouldBe(alone);

        byte[] Stepped(int threads)
        {
            int before = torch.get_num_threads();
            model.Initialize(0, 4, 1);
            using FlatOptimizer optimizer = FlatOptimizer.Create(model, Defaults, 0);
            optimizer.Thaw(0);
            using torch.Tensor gradients = model.Parameters.detach();
            model.Gradients.copy_(gradients);
            torch.set_num_threads(threads);
            optimizer.Step(0.01);
            torch.set_num_threads(before);
            return model.Parameters.bytes.ToArray();
        }
    }

    [Fact]
    public void Step_SgdWithMomentum_FollowsItsFormula()
    {
        const double rate = 0.05, decay = 0.2, momentum = 0.9;
        using FlatOptimizer optimizer = Sgd(decay, momentum);
        optimizer.Thaw(0);
        double[] expected = Parameters(), velocity = new double[expected.Length];
        bool[] decayed = Decayed();
        for (int step = 1; step <= 3; step++)
        {
            double[] gradients = SetGradients((ulong)step);
            for (int i = 0; i < expected.Length; i++)
            {
                velocity[i] = momentum * velocity[i] + gradients[i];
                expected[i] = expected[i] * (decayed[i] ? 1 - rate * decay : 1) - rate * velocity[i];
            }

            optimizer.Step(rate);
        }

        Parameters().ShouldBe(expected, 1e-6);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void Step_ZeroGradient_ShrinksWeightsAlone(OptimizerKind kind)
    {
        const double rate = 0.5, decay = 0.3;
        using FlatOptimizer optimizer = FlatOptimizer.Create(_model, Defaults
            .With(HyperparameterCatalog.Optimizer, (int)kind).With(HyperparameterCatalog.WeightDecay, decay), 0);
        optimizer.Thaw(0);
        double[] before = Parameters();
        bool[] decayed = Decayed();

        optimizer.Step(rate);
        optimizer.Step(rate);

        double factor = (1 - rate * decay) * (1 - rate * decay);
        Parameters().ShouldBe([.. before.Select((value, i) => decayed[i] ? value * factor : value)], 1e-6);
        decayed.Count(d => d).ShouldBe(2 * 9 + 3 * 2 * 9 + 4 * 3 * 9 + 5 * 4 * 9 + 2 * 5);
    }

    [Fact]
    public void Step_LayerLrDecay_GivesEachBlockItsRate()
    {
        const double rate = 0.1;
        using FlatOptimizer optimizer = FlatOptimizer.Create(_model, Defaults
            .With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.Sgd).With(HyperparameterCatalog.Momentum, 0)
            .With(HyperparameterCatalog.WeightDecay, 0).With(HyperparameterCatalog.LayerLrDecay, 0.5), 0);
        optimizer.Thaw(0);
        double[] before = Parameters(), gradients = SetGradients(1);

        optimizer.Step(rate);

        double[] after = Parameters();
        for (int block = 0; block <= 4; block++)
        {
            int i = (int)_model.Layout.Ranges[block].Start;
            (before[i] - after[i]).ShouldBe(rate * Math.Pow(0.5, 4 - block) * gradients[i], 1e-6);
        }
    }

    [Fact]
    public void Thaw_LaterBlock_StartsWithItsOwnCounterAndMoments()
    {
        const double rate = 0.01;
        using FlatOptimizer optimizer = FlatOptimizer.Create(_model, Defaults.With(HyperparameterCatalog.WeightDecay, 0), 0);
        optimizer.Thaw(3);
        optimizer.Moments[0].shape[0].ShouldBe(_model.Layout.ParameterElements - _model.Layout.Ranges[3].Start);
        for (int step = 0; step < 20; step++)
        {
            SetGradients(1);
            optimizer.Step(rate);
        }

        double[] before = Parameters();
        optimizer.Thaw(2);
        double[] gradients = SetGradients(1);
        optimizer.Step(rate);

        // The first step of Adam has the size of the rate, whatever the gradient.
        int place = (int)_model.Layout.Ranges[2].Start;
        (before[place] - Parameters()[place]).ShouldBe(rate * Math.Sign(gradients[place]), 1e-4);

        // So has every step under an unchanging gradient, if the moments of the others were kept.
        int other = (int)_model.Layout.Ranges[3].Start;
        (before[other] - Parameters()[other]).ShouldBe(rate * Math.Sign(gradients[other]), 1e-4);
        optimizer.Steps.ShouldBe([0L, 0, 1, 21, 21]);
        Parameters()[..place].ShouldBe(before[..place]);
    }

    [Fact]
    public void Step_MaxGradNorm_ScalesTheWholeGradient()
    {
        using FlatOptimizer optimizer = FlatOptimizer.Create(_model, Defaults
            .With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.Sgd).With(HyperparameterCatalog.Momentum, 0)
            .With(HyperparameterCatalog.WeightDecay, 0), maxGradNorm: 0.5);
        optimizer.Thaw(0);
        double[] before = Parameters();
        SetGradients(1);

        optimizer.Step(1);

        double[] after = Parameters();
        Math.Sqrt(before.Zip(after, (b, a) => (b - a) * (b - a)).Sum()).ShouldBe(0.5, 1e-5);
    }

    [Fact]
    public void Thaw_FrozenBlocks_CollectNoGradient()
    {
        using FlatOptimizer optimizer = Sgd(0, 0);
        optimizer.Thaw(2);

        _model["blocks.1.conv.weight"].requires_grad.ShouldBeFalse();
        _model["blocks.1.norm.bias"].requires_grad.ShouldBeFalse();
        _model["blocks.2.conv.weight"].requires_grad.ShouldBeTrue();
        _model["blocks.2.norm.running_mean"].requires_grad.ShouldBeFalse();
        _model["head.weight"].requires_grad.ShouldBeTrue();
    }

    public void Dispose() => _model.Dispose();

    private FlatOptimizer Sgd(double decay, double momentum) => FlatOptimizer.Create(_model, Defaults
        .With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.Sgd)
        .With(HyperparameterCatalog.WeightDecay, decay)
        .With(HyperparameterCatalog.Momentum, momentum), 0);

    private double[] Parameters() => [.. _model.Parameters.data<float>().Select(v => (double)v)];

    private double[] SetGradients(ulong seed)
    {
        SeededGenerator generator = new(seed);
        float[] values = new float[_model.Layout.ParameterElements];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (generator.Next(2001) - 1000) / 500f;
        }

        using torch.Tensor tensor = torch.tensor(values);
        _model.Gradients.copy_(tensor);
        return [.. values.Select(v => (double)v)];
    }

    // By name, not by the layout under test: convolutions and the head's matrix.
    private bool[] Decayed()
    {
        using torch.Tensor marks = torch.zeros_like(_model.Parameters), buffers = torch.zeros_like(_model.Buffers);
        foreach ((TensorSpec spec, torch.Tensor view) in _model.Layout.Views(marks, buffers))
        {
            view.fill_(spec.Name.EndsWith("conv.weight", StringComparison.Ordinal) || spec.Name == "head.weight" ? 1 : 0);
            view.Dispose();
        }

        return [.. marks.data<float>().Select(m => m == 1)];
    }
}
