using HyperSearch.Training.Metrics;
using HyperSearch.Training.SimilarityProbe;
using TorchSharp;

namespace HyperSearch.Training.Tests.SimilarityProbe;

public sealed class LinearProbeTests : IDisposable
{
    private const int Examples = 400;

    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly long[] _labels = [.. Enumerable.Range(0, Examples).Select(i => (long)(i % 3))];

    [Fact]
    public void Score_FeaturesThatTellTheClass_IsRightWhateverTheirScale()
    {
        torch.Tensor told = torch.nn.functional.one_hot(torch.tensor(_labels)).to(torch.ScalarType.Float32);
        torch.Tensor features = torch.cat([(told * 1e-3) + 1e3, torch.full(Examples, 1, 7f)], 1) + (1e-5 * Noise(4));

        Accuracy(features).ShouldBe(1);
    }

    [Fact]
    public void Score_FeaturesThatTellNothing_IsAtChance() => Accuracy(Noise(30)).ShouldBe(1 / 3.0, 0.12);

    [Fact]
    public void Score_FewInformativeAmongManyOthers_ChoosesAPenaltyThatHolds()
    {
        torch.Tensor told = torch.nn.functional.one_hot(torch.tensor(_labels)).to(torch.ScalarType.Float32);

        Accuracy(torch.cat([(2 * told) + Noise(3), Noise(300, 9)], 1)).ShouldBeGreaterThan(0.7);
    }

    [Fact]
    public void Score_NothingToChooseOn_StillScores()
    {
        torch.Tensor told = torch.nn.functional.one_hot(torch.tensor(_labels)).to(torch.ScalarType.Float32);
        LinearProbe probe = new(3, _labels, Range(0, 300), Range(300, Examples), Range(0, 300), [], static () => { });

        new ClassificationMetrics(probe.Score(told)).Accuracy.ShouldBe(1);
    }

    public void Dispose() => _scope.Dispose();

    private double Accuracy(torch.Tensor features)
    {
        LinearProbe probe = new(3, _labels, Range(0, 300), Range(300, Examples), Range(0, 225), Range(225, 300), static () => { });
        Scores scores = probe.Score(features);
        scores.Labels.ShouldBe(_labels[300..]);
        return new ClassificationMetrics(scores).Accuracy;
    }

    private static torch.Tensor Noise(int width, ulong seed = 1) => torch.randn(Examples, width, generator: new torch.Generator(seed));

    private static long[] Range(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => (long)i)];
}
