using HyperSearch.Training;
using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Tests.Segments;

public sealed class DataLocationTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Resolve_ASample_StaysAmongTheSamples()
    {
        Path.GetFileName(DataLocation.Resolve("samples:convnet", inCatalogue: true, [])).ShouldBe("convnet");
        DataLocation.Resolve("samples:../../etc", inCatalogue: false, []).ShouldEndWith(Path.Combine("Samples", "etc"));
    }

    [Fact]
    public void Resolve_APathOfARequest_HasToLieBelowARoot()
    {
        string inside = Directory.CreateDirectory(_root.In("data/mnist")).FullName;
        string beside = Directory.CreateDirectory(_root.In("data-of-others")).FullName;

        DataLocation.Resolve(inside, inCatalogue: false, [_root.In("data")]).ShouldBe(inside);
        DataLocation.Resolve(beside, inCatalogue: true, []).ShouldBe(beside);
        Refused(beside);
        Refused(_root.In("data/../data-of-others"));
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(_root.In("data/link"), beside);
            Refused(_root.In("data/link"));
            Directory.CreateDirectory(_root.In("data-of-others/deeper"));
            Refused(_root.In("data/link/deeper"));
        }
    }

    private void Refused(string path) =>
        Should.Throw<TrainingException>(() => DataLocation.Resolve(path, inCatalogue: false, [_root.In("data")])).Message.ShouldContain("Catalog:Roots");
}
