namespace HyperSearch.Worker.Tests;

/// <summary>The built worker executable, whose children the tests use.</summary>
internal static class WorkerProgram
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        string tests = AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar);
        DirectoryInfo? root = new(tests);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "HyperSearch.sln")))
        {
            root = root.Parent;
        }

        string output = System.IO.Path.Combine(root!.FullName, "src", "HyperSearch.Worker", "bin");
        string name = OperatingSystem.IsWindows() ? "HyperSearch.Worker.exe" : "HyperSearch.Worker";
        string configuration = new DirectoryInfo(tests).Parent!.Name;
        return Directory.EnumerateFiles(System.IO.Path.Combine(output, configuration), name, SearchOption.AllDirectories).First();
    }
}
