using System.Text.Json;

namespace HyperSearch.EndToEnd.Tests.Repository;

/// <summary>The packages that restore resolved, over all projects of the solution.</summary>
internal sealed record ResolvedPackage(string Name, Version Version, string Folder)
{
    public override string ToString() => $"{Name} {Version}";

    public static IReadOnlyList<ResolvedPackage> All() =>
        [.. Checkout.SourceProjects.Concat(Checkout.TestProjects).SelectMany(Of).DistinctBy(p => p.ToString()).OrderBy(p => p.Name, StringComparer.Ordinal)];

    public static IEnumerable<ResolvedPackage> Of(string project)
    {
        string assets = Path.Combine(Path.GetDirectoryName(project)!, "obj", "project.assets.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(assets));
        string[] roots = [.. document.RootElement.GetProperty("packageFolders").EnumerateObject().Select(p => p.Name)];
        foreach (JsonProperty library in document.RootElement.GetProperty("libraries").EnumerateObject())
        {
            if (library.Value.GetProperty("type").GetString() != "package")
            {
                continue;
            }

            string[] parts = library.Name.Split('/');
            string path = library.Value.GetProperty("path").GetString()!;
            string folder = roots.Select(root => Path.Combine(root, path)).First(Directory.Exists);
            yield return new ResolvedPackage(parts[0], Version.Parse(parts[1].Split('-', '+')[0]), folder);
        }
    }
}
