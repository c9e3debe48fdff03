using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace HyperSearch.EndToEnd.Tests.Repository;

public sealed partial class StyleTests
{
    private const long MaxBytes = 5_000_000;
    private static readonly string[] kindFolders = ["Services", "Helpers", "Models", "Dtos", "Utils", "Interfaces"];
    private static readonly string[] emptyWords = ["Service", "Manager", "Helper", "Helpers", "Utils", "Util", "Processor", "Dto"];

    [Fact]
    public void Folders_AreFeaturesAndConcepts_NotKinds() =>
        Checkout.Files().Select(f => Checkout.Relative(f.FullName))
            .Where(path => path.Split('/')[..^1].Intersect(kindFolders, StringComparer.OrdinalIgnoreCase).Any())
            .ShouldBeEmpty();

    [Fact]
    public void RootFolder_HasItsFixedShape() =>
        Checkout.RootEntries().Where(name => !FixedShape().IsMatch(name)).ShouldBeEmpty();

    [Fact]
    public void Files_AreSmall() =>
        Checkout.Files().Where(f => f.Length > MaxBytes).Select(f => $"{Checkout.Relative(f.FullName)}: {f.Length} bytes").ShouldBeEmpty();

    [Fact]
    public void Types_AreNamedAfterWhatTheyAre() =>
        Checkout.SourceProjects.SelectMany(TypeNames)
            .Where(name => emptyWords.Any(word => name.EndsWith(word, StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [GeneratedRegex(@"^(src|tests|deploy|docker-compose\.yml|HyperSearch\.sln|Dockerfile\.(api|worker)|README\.md|LICENSE|global\.json|BannedSymbols\.txt|Directory\.(Build\.props|Build\.targets|Packages\.props)|NuGet\.config|\..*)$")]
    private static partial Regex FixedShape();

    private static string[] TypeNames(string project)
    {
        string path = Path.Combine(Checkout.OutputFolder(project), Path.GetFileNameWithoutExtension(project) + ".dll");
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.TypeDefinitions.Select(handle => metadata.GetString(metadata.GetTypeDefinition(handle).Name).Split('`')[0])];
    }
}
