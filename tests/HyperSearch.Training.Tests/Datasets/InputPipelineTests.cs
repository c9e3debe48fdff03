using HyperSearch.Benchmarks.Input;

namespace HyperSearch.Training.Tests.Datasets;

/// <summary>The benchmark of the input pipeline runs, on few images.</summary>
public sealed class InputPipelineTests
{
    private const string Official = "/usr/share/datasets/fashion-mnist";

    [Fact]
    public void Run_FewImages_TellsCostAndWaiting()
    {
        Assert.SkipUnless(Directory.Exists(Official), "the package dataset-fashion-mnist is not installed");
        List<string> lines = [];

        new InputPipeline(lines.Add).Run(Official, 60);

        lines.Count(l => l.Contains("waited", StringComparison.Ordinal)).ShouldBe(4);
        lines.Count(l => l.Contains("decoded in", StringComparison.Ordinal)).ShouldBe(2);
    }
}
