using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace HyperSearch.EndToEnd.Tests.Repository;

/// <summary>Which project may know which. A new project or arrow is a decision, written down in deploy/decisions.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> allowed = new()
    {
        ["Core"] = [],
        ["Contracts"] = [],
        ["Client"] = ["Contracts"],
        ["Messaging"] = [],
        ["Artifacts"] = [],
        ["Training"] = ["Core"],
        ["Api"] = ["Core", "Contracts", "Messaging", "Artifacts"],
        ["Worker"] = ["Core", "Messaging", "Artifacts", "Training"],
        ["Standalone"] = ["Api", "Worker", "Core", "Contracts", "Messaging", "Artifacts", "Training"],
        ["Cli"] = ["Client", "Contracts"],
    };

    public static TheoryData<string> Projects => [.. Checkout.SourceProjects.Select(Checkout.Relative)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_OfOurs_AreInTheTable(string project)
    {
        string name = Short(Path.GetFileNameWithoutExtension(project));
        allowed.ShouldContainKey(name);

        string[] built = [.. ReferencedAssemblies(project).Where(IsOurs).Select(Short)];
        string[] written = [.. Items(project, "ProjectReference").Select(path => Short(Path.GetFileNameWithoutExtension(path)))];

        built.Union(written).Except(allowed[name]).ShouldBeEmpty($"{name} may not reference these");
    }

    [Theory]
    [InlineData("src/HyperSearch.Core/HyperSearch.Core.csproj")]
    [InlineData("src/HyperSearch.Contracts/HyperSearch.Contracts.csproj")]
    public void References_OfRulesAndRecords_AreTheRuntimeOnly(string project)
    {
        Items(project, "PackageReference").ShouldBeEmpty();
        ReferencedAssemblies(project).Where(name => name != "netstandard" && !name.StartsWith("System.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Output_OfApi_HasNoTensors() =>
        Directory.GetFiles(Checkout.OutputFolder(Path.Combine(Checkout.Root, "src/HyperSearch.Api/HyperSearch.Api.csproj")), "*orch*", SearchOption.AllDirectories)
            .ShouldBeEmpty();

    private static bool IsOurs(string assembly) => assembly.StartsWith("HyperSearch.", StringComparison.Ordinal);

    private static string Short(string name) => name["HyperSearch.".Length..];

    private static string[] ReferencedAssemblies(string project)
    {
        string path = Path.Combine(Checkout.OutputFolder(Path.Combine(Checkout.Root, project)), Path.GetFileNameWithoutExtension(project) + ".dll");
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static string[] Items(string project, string kind) =>
        [.. XDocument.Load(Path.Combine(Checkout.Root, project)).Descendants(kind).Select(item => item.Attribute("Include")!.Value.Replace('\\', '/'))];
}
