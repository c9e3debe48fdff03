namespace HyperSearch.Training;

/// <summary>A durable checkpoint: <c>last/</c> to go on from, <c>best/</c> the exportable model.</summary>
public sealed record CheckpointFolder
{
    /// <summary>Finished epochs; also the folder's name.</summary>
    public required int Epoch { get; init; }

    /// <summary>Full path of the folder.</summary>
    public required string Path { get; init; }

    /// <summary>sha256 over the relative paths and the contents of all its files, in lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>Size of all its files in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Reads a checkpoint folder and hashes it; equal folders have equal hashes wherever they lie.</summary>
    /// <param name="path">The folder, named after its epoch.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CheckpointFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        FileInfo[] files = new DirectoryInfo(path).GetFiles("*", SearchOption.AllDirectories);
        IEnumerable<string> names = files.Select(f => System.IO.Path.GetRelativePath(path, f.FullName).Replace('\\', '/')).Order(StringComparer.Ordinal);
        return new()
        {
            Epoch = int.Parse(System.IO.Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture),
            Path = path,
            Hash = FileHash.Of(path, names, life: null),
            Bytes = files.Sum(f => f.Length),
        };
    }
}
