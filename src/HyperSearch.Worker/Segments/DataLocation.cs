using HyperSearch.Core.Trials;
using HyperSearch.Training;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Samples;

namespace HyperSearch.Worker.Segments;

/// <summary>Where data and weights lie: <c>samples:NAME</c> is shipped with the program, everything else is a path.</summary>
internal static class DataLocation
{
    private const string Prefix = "samples:";

    /// <summary>The local folder, or file, of a location; whether it lies below a root is told with every link on the way followed.</summary>
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
        string target = RealPath.Of(path);
        return inCatalogue || roots.Any(r => RealPath.IsUnder(target, RealPath.Of(r)))
            ? path
            : throw new TrainingException(FailureKind.DatasetError, $"{location} does not lie below a configured folder (Catalog:Roots).");
    }
}
