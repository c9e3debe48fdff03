using Microsoft.Extensions.Configuration;

namespace HyperSearch.Worker.Tests;

public sealed class CatalogRootsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "catalog.json");

    [Fact]
    public void AddTo_FileAndRoots_AddUp()
    {
        System.IO.File.WriteAllText(File, """{"models": [{"name": "ours", "family": "resnet18", "location": "/models/ours"}], "roots": ["/data/"]}""");

        Read(("Catalog:File", File), ("Catalog:Roots:0", "/more")).ShouldBe(["/data", "/more"]);
    }

    [Fact]
    public void AddTo_NoCatalogue_AllowsNoPath() => Read().ShouldBeEmpty();

    [Theory]
    [InlineData("{", "Expected depth to be zero")]
    [InlineData("{\"models\": [{\"name\": \"ours\", \"family\": \"resnet19\"}]}", "/models/0/family")]
    [InlineData("{\"roots\": [\"data\"]}", "/roots/0: \"data\" is not an absolute path")]
    public void AddTo_InvalidFile_NamesItAndTheField(string content, string why)
    {
        System.IO.File.WriteAllText(File, content);

        string message = Should.Throw<InvalidOperationException>(() => Read(("Catalog:File", File))).Message;

        message.ShouldContain(File);
        message.ShouldContain(why);
    }

    [Fact]
    public void AddTo_MissingFile_NamesIt() => Should.Throw<InvalidOperationException>(() => Read(("Catalog:File", File))).Message.ShouldContain(File);

    [Fact]
    public void AddTo_RelativeRoot_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => Read(("Catalog:Roots:0", "data"))).Message.ShouldContain("\"data\" is not an absolute path");

    public void Dispose() => _folder.Dispose();

    private static IList<string> Read(params (string Key, string Value)[] settings)
    {
        WorkerOptions options = new();
        CatalogRoots.AddTo(options, new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build().GetSection("Catalog"));
        return options.DataRoots;
    }
}
