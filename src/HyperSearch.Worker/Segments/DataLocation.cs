using HyperSearch.Core.Trials;
using HyperSearch.Training;
using HyperSearch.Training.Samples;

namespace HyperSearch.Worker.Segments;

/// <summary>Where data and weights lie: <c>samples:NAME</c> is shipped with the program, everything else is a path.</summary>
internal static class DataLocation
{
    private const string Prefix = "samples:";

    /// <summary>The local folder of a location.</summary>
    /// <param name="location">As the study has it.</param>
    /// <param name="inCatalogue">Whether the operator named it; else a request did, and it has to lie below one of the roots.</param>
    /// <param name="roots">The folders that requests may name paths in.</param>
    /// <exception cref="TrainingException">It lies elsewhere.</exception>
    public static string Resolve(string location, bool inCatalogue, IReadOnlyList<string> roots)
    {
        if (location.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return Path.Combine(SampleCatalog.Folder, Path.GetFileName(location[Prefix.Length..]));
        }

        string path = Path.GetFullPath(location);
        string target = Directory.Exists(path) ? Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        return inCatalogue || roots.Any(r => IsBelow(target, Path.GetFullPath(r)))
            ? path
            : throw new TrainingException(FailureKind.DatasetError, $"{location} does not lie below a configured folder (Catalog:Roots).");
    }

    private static bool IsBelow(string path, string root) =>
        Path.GetRelativePath(root, path) is var relative
        && !Path.IsPathRooted(relative)
        && relative != ".."
        && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
