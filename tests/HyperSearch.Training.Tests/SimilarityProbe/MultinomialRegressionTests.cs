using HyperSearch.Training.SimilarityProbe;
using TorchSharp;

namespace HyperSearch.Training.Tests.SimilarityProbe;

public sealed class MultinomialRegressionTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    /// <summary>Without features the biases give every class its share.</summary>
    [Fact]
    public void Fit_NoFeatures_GivesTheSharesOfTheClasses()
    {
        torch.Tensor labels = torch.tensor(new long[] { 0, 0, 0, 0, 0, 1, 1, 1, 2, 2 });

        torch.Tensor weights = new MultinomialRegression(torch.ones(10, 1, torch.ScalarType.Float64), labels, 3, Nothing).Fit(0.1, null);

        double[] shares = weights[0].softmax(0).data<double>().ToArray();
        foreach ((double share, double expected) in shares.Zip([0.5, 0.3, 0.2]))
        {
            share.ShouldBe(expected, 1e-5);
        }
    }

    /// <summary>Two examples at -1 and 1: by symmetry the weights are -w and w with (1 - tanh(w)) / 2 = penalty * w.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    public void Fit_SeparableExamples_StopsWhereThePenaltyHolds(double penalty)
    {
        torch.Tensor features = torch.tensor(new double[,] { { -1, 1 }, { 1, 1 } });

        torch.Tensor weights = new MultinomialRegression(features, torch.tensor(new long[] { 0, 1 }), 2, Nothing).Fit(penalty, null);

        double w = weights[0, 1].item<double>();
        weights[0, 0].item<double>().ShouldBe(-w, 1e-5);
        ((1 - Math.Tanh(w)) / 2).ShouldBe(penalty * w, 1e-5);
    }

    [Fact]
    public void Evaluate_AnyPoint_HasTheGradientOfItsValue()
    {
        MultinomialRegression regression = Random(40, 5, 4);
        torch.Tensor weights = torch.randn(6, 4, torch.ScalarType.Float64, generator: new torch.Generator(3));
        double[] gradient = regression.Evaluate(weights, 0.3).Gradient.flatten().data<double>().ToArray();
        const double step = 1e-5;
        for (int i = 0; i < gradient.Length; i++)
        {
            torch.Tensor up = weights.clone(), down = weights.clone();
            up.view(-1)[i] = torch.tensor(weights.flatten()[i].item<double>() + step);
            down.view(-1)[i] = torch.tensor(weights.flatten()[i].item<double>() - step);
            gradient[i].ShouldBe((regression.Evaluate(up, 0.3).Value - regression.Evaluate(down, 0.3).Value) / (2 * step), 1e-8);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-2)]
    [InlineData(1e-4)]
    public void Fit_AnyExamples_EndsWhereTheGradientVanishesWhereverItBegins(double penalty)
    {
        MultinomialRegression regression = Random(300, 20, 5);

        torch.Tensor weights = regression.Fit(penalty, null);
        torch.Tensor again = regression.Fit(penalty, torch.randn(21, 5, torch.ScalarType.Float64, generator: new torch.Generator(4)));

        (double value, torch.Tensor gradient) = regression.Evaluate(weights, penalty);
        gradient.abs().max().item<double>().ShouldBeLessThan(2e-6);
        regression.Evaluate(again, penalty).Value.ShouldBe(value, 1e-7);
        for (int seed = 0; seed < 20; seed++)
        {
            torch.Tensor aside = weights + (0.01 * torch.randn(21, 5, torch.ScalarType.Float64, generator: new torch.Generator((ulong)seed)));
            regression.Evaluate(aside, penalty).Value.ShouldBeGreaterThan(value);
        }
    }

    [Fact]
    public void Fit_ToldToEnd_Ends()
    {
        int calls = 0;
        MultinomialRegression regression = Random(300, 20, 5, () =>
        {
            calls++;
            throw new OperationCanceledException();
        });
        Should.Throw<OperationCanceledException>(() => regression.Fit(1e-4, null));
        calls.ShouldBe(1);
    }

    public void Dispose() => _scope.Dispose();

    private static MultinomialRegression Random(int examples, int width, int classes, Action? alive = null)
    {
        torch.Generator generator = new(2);
        torch.Tensor features = torch.randn(examples, width, torch.ScalarType.Float64, generator: generator);
        torch.Tensor truth = torch.randn(width, classes, torch.ScalarType.Float64, generator: generator);
        torch.Tensor labels = (features.mm(truth) + (3 * torch.randn(examples, classes, torch.ScalarType.Float64, generator: generator))).argmax(1);
        return new(torch.cat([features, torch.ones(examples, 1, torch.ScalarType.Float64)], 1), labels, classes, alive ?? Nothing);
    }

    private static void Nothing()
    {
    }
}
