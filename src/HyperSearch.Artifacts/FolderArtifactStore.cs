namespace HyperSearch.Artifacts;

/// <summary>
/// Artifacts in a folder that all processes share (a local disk, NFS). A put copies into a temporary folder of the same
/// file system, flushes it to disk and renames it, so that a reader sees the old folder or the new one, never a part.
/// </summary>
public sealed class FolderArtifactStore : IArtifactStore, IDisposable
{
    private readonly string root;
    private readonly string temporaryRoot;
    private readonly Lock gate = new();
    private TemporaryArea? temporary;

    public FolderArtifactStore(ArtifactStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Folder, nameof(options));
        root = Path.GetFullPath(options.Folder);
        temporaryRoot = Path.Combine(root, ArtifactKey.Temporary);
    }

    public Task<string> PutFolderAsync(string key, string localFolder, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("store", key, async () =>
        {
            string staging = Temporary().NewFolder();
            try
            {
                string fresh = Directory.CreateDirectory(Path.Combine(staging, "fresh")).FullName;
                string hash = await CopyAsync(key, localFolder, fresh, cancellationToken);
                await PlaceAsync(key, fresh, hash, cancellationToken);
                return hash;
            }
            finally
            {
                Directory.Delete(staging, recursive: true);
            }
        });
    }

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        string target = PathOf(key);
        return Task.FromResult(Directory.Exists(target));
    }

    public Task<IReadOnlyList<ArtifactFile>> ListAsync(string key, CancellationToken cancellationToken)
    {
        string target = PathOf(key);
        return Guard("list", key, () => Task.FromResult<IReadOnlyList<ArtifactFile>>(LocalFolder.Files(key, target)));
    }

    public Task<Stream> OpenReadAsync(string key, string fileName, CancellationToken cancellationToken)
    {
        string target = PathOf(key);
        ArtifactKey.ThrowIfInvalid(fileName, nameof(fileName));
        return Guard("read", $"{key}/{fileName}", () => Task.FromResult<Stream>(LocalFolder.OpenFile(target, fileName)));
    }

    public Task<string> HashAsync(string key, CancellationToken cancellationToken)
    {
        string target = PathOf(key);
        return Guard("hash", key, () => LocalFolder.HashAsync(target, LocalFolder.Files(key, target), cancellationToken));
    }

    public Task<string> LocalFolderAsync(string key, CancellationToken cancellationToken)
    {
        string target = PathOf(key);
        return Directory.Exists(target) ? Task.FromResult(target) : throw ArtifactStoreException.Missing(key);
    }

    public Task<IReadOnlyList<string>> ChildrenAsync(string key, CancellationToken cancellationToken)
    {
        string target = PathOf(key);
        return Guard("list", key, () => Task.FromResult<IReadOnlyList<string>>(
            Directory.Exists(target) ? [.. new DirectoryInfo(target).EnumerateDirectories().Select(d => d.Name).Order(StringComparer.Ordinal)] : []));
    }

    public Task<DateTimeOffset?> LastWriteAsync(string key, CancellationToken cancellationToken)
    {
        string target = PathOf(key);
        return Guard("look at", key, () => Task.FromResult(Directory.Exists(target) ? LastWrite(new DirectoryInfo(target)) : null));
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        string target = PathOf(key);
        return Guard("delete", key, () => Task.FromResult(Directory.Exists(target) && Delete(target)));
    }

    public Task<int> RemoveTemporaryAsync(CancellationToken cancellationToken) =>
        Guard("sweep", ArtifactKey.Temporary, () => Task.FromResult(TemporaryArea.Sweep(temporaryRoot, root, cancellationToken)));

    public void Dispose()
    {
        lock (gate)
        {
            temporary?.Dispose();
            temporary = null;
        }
    }

    private TemporaryArea Temporary()
    {
        lock (gate)
        {
            return temporary ??= TemporaryArea.Open(temporaryRoot);
        }
    }

    private string PathOf(string key)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Path.Combine(root, key);
    }

    private static async Task<string> CopyAsync(string key, string source, string destination, CancellationToken cancellationToken)
    {
        List<ArtifactFile> files = LocalFolder.FilesToStore(key, source);
        var folders = new HashSet<string> { destination };
        using var hash = new ArtifactHash();
        foreach (ArtifactFile file in files)
        {
            string path = Path.Combine(destination, file.Name);
            for (string folder = Path.GetDirectoryName(path)!; folders.Add(folder); folder = Path.GetDirectoryName(folder)!)
            {
                Directory.CreateDirectory(folder);
            }

            await using FileStream content = LocalFolder.OpenFile(source, file.Name);
            await using var copy = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await hash.AppendAsync(file.Name, content.Length, content, copy, cancellationToken);
            copy.Flush(flushToDisk: true);
        }

        foreach (string folder in folders)
        {
            DurableFolder.Flush(folder);
        }

        return hash.ToHex();
    }

    private async Task PlaceAsync(string key, string fresh, string hash, CancellationToken cancellationToken)
    {
        string target = Path.Combine(root, key);
        string parent = CreateParents(key);
        while (!TryMove(fresh, target))
        {
            if (await LocalFolder.HashAsync(target, LocalFolder.Files(key, target), cancellationToken) == hash)
            {
                return;
            }

            if (DurableFolder.TryExchange(fresh, target))
            {
                break; // what was replaced now lies in the temporary folder and goes with it
            }

            string aside = Temporary().SetAside(key, target);
            bool moved = TryMove(fresh, target);
            Directory.Delete(aside, recursive: true);
            if (moved)
            {
                break;
            }
        }

        DurableFolder.Flush(parent);
    }

    // A renamed folder keeps the times of its files, but its parent has the time of the renaming.
    private static DateTimeOffset? LastWrite(DirectoryInfo folder) =>
        folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(folder).Max(entry => (DateTimeOffset?)entry.LastWriteTimeUtc);

    private bool Delete(string target)
    {
        string staging = Temporary().NewFolder();
        try
        {
            // Renamed first, so that no reader finds half of it.
            Directory.Move(target, Path.Combine(staging, "deleted"));
            DurableFolder.Flush(Path.GetDirectoryName(target)!);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false; // another process was faster
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    private string CreateParents(string key)
    {
        string parent = root;
        Directory.CreateDirectory(parent);
        foreach (string part in key.Split('/')[..^1])
        {
            string folder = Path.Combine(parent, part);
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                DurableFolder.Flush(parent);
            }

            parent = folder;
        }

        return parent;
    }

    private static bool TryMove(string fresh, string target)
    {
        if (Directory.Exists(target))
        {
            return false;
        }

        try
        {
            Directory.Move(fresh, target);
            return true;
        }
        catch (IOException) when (Directory.Exists(target))
        {
            return false; // another process was faster
        }
    }

    private static async Task<T> Guard<T>(string action, string key, Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ArtifactStoreException.From(action, key, exception);
        }
    }
}
