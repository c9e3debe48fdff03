using HyperSearch.Api.Catalogs;
using HyperSearch.Core.Studies;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Tests.Catalogs;

public sealed class CatalogSourceTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"catalog-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Read_NoFile_IsTheBuiltInCatalogue() => Read(new CatalogOptions()).Models.ShouldBe(Catalog.BuiltIn.Models);

    [Fact]
    public void Read_FileAndRoots_AddUp()
    {
        File.WriteAllText(file, """{"datasets": [{"name": "mine", "location": "/data/mine"}], "roots": ["/data"]}""");

        Catalog catalog = Read(new CatalogOptions { File = file, Roots = ["/more"] });

        catalog.FindDataset("mine").ShouldNotBeNull();
        catalog.FindDataset("fashion-mnist-sample").ShouldNotBeNull();
        catalog.Roots.ShouldBe(["/data", "/more"]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"roots\": 7}")]
    [InlineData("{\"datasets\": [{\"name\": \"mine\"}]}")]
    public void Read_InvalidFile_NamesIt(string content)
    {
        File.WriteAllText(file, content);

        Should.Throw<InvalidOperationException>(() => Read(new CatalogOptions { File = file, Roots = ["/more"] })).Message.ShouldContain(file);
    }

    [Fact]
    public void Read_MissingFile_NamesIt() =>
        Should.Throw<InvalidOperationException>(() => Read(new CatalogOptions { File = file })).Message.ShouldContain(file);

    private static Catalog Read(CatalogOptions options) => CatalogSource.Read(Options.Create(options));
}
