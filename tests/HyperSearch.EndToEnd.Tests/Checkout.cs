using System.Runtime.CompilerServices;

namespace HyperSearch.EndToEnd.Tests;

/// <summary>The files of this repository, as checked out and built.</summary>
internal static class Checkout
{
    private static readonly string[] generatedFolders =
        ["bin", "obj", ".git", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".idea", ".vscode"];

    public static string Root { get; } = FindRoot();

    /// <summary>The folder below <c>bin</c> of this build: <c>Release</c>.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";

    public static IReadOnlyList<string> SourceProjects { get; } =
        [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Where(IsWritten).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> TestProjects { get; } =
        [.. Directory.GetFiles(Path.Combine(Root, "tests"), "*.csproj", SearchOption.AllDirectories).Where(IsWritten).Order(StringComparer.Ordinal)];

    /// <summary>What lies in the root folder, but for what tools put there.</summary>
    public static IEnumerable<string> RootEntries() =>
        new DirectoryInfo(Root).EnumerateFileSystemInfos().Select(entry => entry.Name).Except(generatedFolders);

    /// <summary>Everything that a person wrote: no build output, no packages, no version control.</summary>
    public static IEnumerable<FileInfo> Files() => Files(new DirectoryInfo(Root));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>The folder that the last build of a source project wrote to.</summary>
    public static string OutputFolder(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        string bin = Path.Combine(Path.GetDirectoryName(project)!, "bin", Configuration);
        IEnumerable<string> built = Directory.Exists(bin) ? Directory.EnumerateFiles(bin, name + ".dll", SearchOption.AllDirectories) : [];
        string[] outputs = [.. built
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}ref{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !path.Contains($"{Path.DirectorySeparatorChar}publish{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .OrderByDescending(File.GetLastWriteTimeUtc)];
        return outputs.Length > 0 ? Path.GetDirectoryName(outputs[0])! : throw new InvalidOperationException($"{name} is not built ({Configuration})");
    }

    private static bool IsWritten(string path) => !Relative(path).Split('/').Any(generatedFolders.Contains);

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(f => !generatedFolders.Contains(f.Name)).SelectMany(Files));

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        string? folder = File.Exists(thisFile) ? Path.GetDirectoryName(thisFile) : AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HyperSearch.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("HyperSearch.sln is not above the tests");
    }
}
