using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// The files of a dataset, in the order of their names. Hidden files are left out. A link may lead to a place inside
/// the dataset or one of the allowed folders, as in the snapshots of the hub's cache; any other is refused.
/// </summary>
internal sealed class DataTree
{
    // Deep enough for every layout, and an end for links that go in circles.
    private const int Deepest = 4;
    private const string MacLeftovers = "__MACOSX";

    private readonly List<string> _allowed;
    private readonly List<DataFile> _files = [];

    private readonly SignOfLife _life;

    private DataTree(string folder, IReadOnlyList<string> roots, SignOfLife life) =>
        (_allowed, _life) = ([RealPath.Of(folder), .. roots.Select(RealPath.Of)], life);

    /// <summary>All files of a folder, or the one that is named.</summary>
    /// <param name="location">The folder or the file.</param>
    /// <param name="roots">Folders that links may lead into.</param>
    /// <param name="life">Told of every entry.</param>
    /// <exception cref="TrainingException">Nothing is there, it cannot be read, or a link leads outside.</exception>
    public static IReadOnlyList<DataFile> Files(string location, IReadOnlyList<string> roots, SignOfLife life)
    {
        try
        {
            if (File.Exists(location))
            {
                return [new(Path.GetFullPath(location), Path.GetFileName(location))];
            }

            if (!Directory.Exists(location))
            {
                throw new TrainingException(FailureKind.DatasetError, $"The dataset folder {location} does not exist.");
            }

            DataTree tree = new(location, roots, life);
            tree.Walk(Path.GetFullPath(location), "", Deepest);
            tree._files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            return tree._files;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{location} cannot be read: {exception.Message}", exception);
        }
    }

    private void Walk(string folder, string prefix, int depth)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            _life.File();
            if (entry.Name.StartsWith('.') || entry.Name == MacLeftovers)
            {
                continue;
            }

            if ((entry.Attributes & FileAttributes.ReparsePoint) != 0)
            {
                CheckLink(entry.FullName);
            }

            if ((entry.Attributes & FileAttributes.Directory) == 0)
            {
                _files.Add(new(entry.FullName, prefix + entry.Name));
            }
            else if (depth > 1)
            {
                Walk(entry.FullName, prefix + entry.Name + "/", depth - 1);
            }
        }
    }

    private void CheckLink(string path)
    {
        string target = RealPath.Of(path);
        if (!_allowed.Any(folder => RealPath.IsUnder(target, folder)))
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path} is a link to a place outside its folder and the configured ones.");
        }
    }
}
