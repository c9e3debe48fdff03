using System.Security.Cryptography;
using System.Text;

namespace HyperSearch.Artifacts;

/// <summary>
/// Artifacts in a bucket. Nothing can be renamed there, so a folder is whole once its manifest is written: the contents go
/// under a version of their own first, which no reader looks at before the manifest names it. A marker tells of a version
/// that is being written or was replaced; what is left of one that is a day old is swept away. Conditional writes, which
/// many servers lack, are not needed: no version is written twice, and what a reader holds is not taken from it.
/// A folder is replaced, listed and read as a whole; nothing else is stored below its key.
/// </summary>
public sealed class S3ArtifactStore : IArtifactStore, IDisposable
{
    private readonly S3Bucket bucket;
    private readonly string bucketName;
    private readonly LocalCopies copies;
    private readonly FolderFinder finder;
    private readonly FolderVersions versions;

    public S3ArtifactStore(S3StoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        bucket = new S3Bucket(options);
        bucketName = options.Bucket;
        finder = new FolderFinder(bucket);
        versions = new FolderVersions(bucket, finder, time);
        string cache = options.CacheFolder.Length > 0 ? options.CacheFolder : Path.Combine(Path.GetTempPath(), "hypersearch-artifacts");
        copies = new LocalCopies(Path.GetFullPath(cache), options.CacheMegabytes * 1_000_000L, time);
    }

    public Task<string> PutFolderAsync(string key, string localFolder, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("store", key, () => versions.StoreAsync(key, localFolder, cancellationToken), cancellationToken);
    }

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("find", key, async () => await finder.FindAsync(key, cancellationToken) is not null, cancellationToken);
    }

    public Task<IReadOnlyList<ArtifactFile>> ListAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard<IReadOnlyList<ArtifactFile>>(
            "list", key, async () => [.. (await finder.GetAsync(key, cancellationToken)).Files.Select(f => new ArtifactFile(f.Name, f.Length))], cancellationToken);
    }

    public Task<Stream> OpenReadAsync(string key, string fileName, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        ArtifactKey.ThrowIfInvalid(fileName, nameof(fileName));
        string path = $"{key}/{fileName}";
        return Guard("read", path, async () =>
        {
            FoundFile? file = (await finder.FindWithinAsync(path, cancellationToken))?.Files.SingleOrDefault(f => f.Name.Length == 0);
            return await bucket.OpenAsync(file?.Content ?? throw ArtifactStoreException.Missing(path), cancellationToken);
        }, cancellationToken);
    }

    public Task<string> HashAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("hash", key, async () => await ReadAsync(await finder.GetAsync(key, cancellationToken), folder: null, cancellationToken), cancellationToken);
    }

    public Task<string> LocalFolderAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("copy", key, () => CopyAsync(key, cancellationToken), cancellationToken);
    }

    public Task<IReadOnlyList<string>> ChildrenAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard<IReadOnlyList<string>>(
            "list", key, async () => await bucket.ListFoldersAsync(key + "/", cancellationToken).Where(ArtifactKey.IsValid).ToListAsync(cancellationToken), cancellationToken);
    }

    public Task<DateTimeOffset?> LastWriteAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard(
            "look at", key, async () => await bucket.ListAsync(key + "/", cancellationToken).Select(o => (DateTimeOffset?)o.Written).MaxAsync(cancellationToken: cancellationToken), cancellationToken);
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("delete", key, async () =>
        {
            // Manifests first, so that no reader finds half of it.
            int folders = await versions.DeleteAsync(key + "/", name => FolderManifest.KeyOf(name) is not null, cancellationToken);
            await versions.DeleteAsync(key + "/", _ => true, cancellationToken);
            return folders > 0;
        }, cancellationToken);
    }

    public Task<int> RemoveTemporaryAsync(CancellationToken cancellationToken) =>
        Guard("sweep", ArtifactKey.Temporary, () => versions.SweepAsync(cancellationToken), cancellationToken);

    public void Dispose()
    {
        bucket.Dispose();
        copies.Dispose();
    }

    private async Task<string> CopyAsync(string key, CancellationToken cancellationToken)
    {
        FoundFolder found = await finder.GetAsync(key, cancellationToken);
        // The objects of a version never change, so their names tell what is in them.
        string contents = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', found.Files.Select(f => f.Content)))));
        if (copies.Find(contents) is { } copy)
        {
            return copy;
        }

        string folder = copies.NewFolder();
        try
        {
            string hash = await ReadAsync(found, folder, cancellationToken);
            return found.Hash is null || found.Hash == hash
                ? copies.Keep(contents, folder, found.Files.Sum(f => f.Length))
                : throw new ArtifactStoreException($"Artifact '{key}' is damaged: its contents do not have the hash that was stored with them.");
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Reads all files once: for their hash, and into a local folder if one is given.</summary>
    private async Task<string> ReadAsync(FoundFolder found, string? folder, CancellationToken cancellationToken)
    {
        using var hash = new ArtifactHash();
        foreach (FoundFile file in found.Files)
        {
            await using Stream content = await bucket.OpenAsync(file.Content, cancellationToken);
            await using FileStream? copy = folder is null ? null : Create(Path.Combine(folder, file.Name));
            await hash.AppendAsync(file.Name, file.Length, content, copy, cancellationToken);
        }

        return hash.ToHex();
    }

    private static FileStream Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
    }

    private async Task<T> Guard<T>(string action, string key, Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await operation();
        }
        catch (Exception exception) when (S3Failure.IsOne(exception, cancellationToken))
        {
            throw S3Failure.Of(action, key, bucketName, exception);
        }
    }
}
