namespace HyperSearch.Artifacts;

/// <summary>A folder of the local file system that is stored or is a store's own.</summary>
internal static class LocalFolder
{
    /// <summary>The files to store; a folder that is absent or empty is refused.</summary>
    public static List<ArtifactFile> FilesToStore(string key, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ArtifactStoreException($"Cannot store artifact '{key}': the local folder '{folder}' does not exist.");
        }

        List<ArtifactFile> files = Files(key, folder);
        return files.Count > 0
            ? files
            : throw new ArtifactStoreException($"Cannot store artifact '{key}': the local folder '{folder}' has no files.");
    }

    /// <summary>All files by name in ordinal order; links and names that no store takes are refused.</summary>
    public static List<ArtifactFile> Files(string key, string folder)
    {
        var files = new List<ArtifactFile>();
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (entry.LinkTarget is not null)
            {
                throw new ArtifactStoreException($"Artifact '{key}' has a link, '{name}'; only files and folders are taken.");
            }

            if (entry is FileInfo file)
            {
                files.Add(ArtifactKey.IsValid(name)
                    ? new ArtifactFile(name, file.Length)
                    : throw new ArtifactStoreException($"Artifact '{key}' has a file whose name is not taken, '{name}'."));
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files;
    }

    public static async Task<string> HashAsync(string folder, IEnumerable<ArtifactFile> files, CancellationToken cancellationToken)
    {
        using var hash = new ArtifactHash();
        foreach (ArtifactFile file in files)
        {
            await using FileStream content = OpenFile(folder, file.Name);
            await hash.AppendAsync(file.Name, content.Length, content, copy: null, cancellationToken);
        }

        return hash.ToHex();
    }

    public static FileStream OpenFile(string folder, string name) =>
        new(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
