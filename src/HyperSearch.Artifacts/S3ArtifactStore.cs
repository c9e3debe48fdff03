using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

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
    private const int DeletedAtOnce = 1000;
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);
    private static readonly TimeSpan TidyTimeout = TimeSpan.FromSeconds(10);
    private readonly S3Bucket bucket;
    private readonly string bucketName;
    private readonly LocalCopies copies;
    private readonly TimeProvider time;

    public S3ArtifactStore(S3StoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.time = time;
        bucket = new S3Bucket(options);
        bucketName = options.Bucket;
        string cache = options.CacheFolder.Length > 0 ? options.CacheFolder : Path.Combine(Path.GetTempPath(), "hypersearch-artifacts");
        copies = new LocalCopies(Path.GetFullPath(cache), options.CacheMegabytes * 1_000_000L, time);
    }

    public Task<string> PutFolderAsync(string key, string localFolder, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("store", key, () => StoreAsync(key, localFolder, cancellationToken), cancellationToken);
    }

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("find", key, async () => await FindAsync(key, cancellationToken) is not null, cancellationToken);
    }

    public Task<IReadOnlyList<ArtifactFile>> ListAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard<IReadOnlyList<ArtifactFile>>(
            "list", key, async () => [.. (await GetAsync(key, cancellationToken)).Files.Select(f => new ArtifactFile(f.Name, f.Length))], cancellationToken);
    }

    public Task<Stream> OpenReadAsync(string key, string fileName, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        ArtifactKey.ThrowIfInvalid(fileName, nameof(fileName));
        string path = $"{key}/{fileName}";
        return Guard("read", path, async () =>
        {
            FoundFile? file = (await FindWithinAsync(path, cancellationToken))?.Files.SingleOrDefault(f => f.Name.Length == 0);
            return await bucket.OpenAsync(file?.Content ?? throw ArtifactStoreException.Missing(path), cancellationToken);
        }, cancellationToken);
    }

    public Task<string> HashAsync(string key, CancellationToken cancellationToken)
    {
        ArtifactKey.ThrowIfInvalid(key, nameof(key));
        return Guard("hash", key, async () => await ReadAsync(await GetAsync(key, cancellationToken), folder: null, cancellationToken), cancellationToken);
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
            int folders = await DeleteAsync(key + "/", name => FolderManifest.KeyOf(name) is not null, cancellationToken);
            await DeleteAsync(key + "/", _ => true, cancellationToken);
            return folders > 0;
        }, cancellationToken);
    }

    public Task<int> RemoveTemporaryAsync(CancellationToken cancellationToken) => Guard("sweep", ArtifactKey.Temporary, async () =>
    {
        int swept = 0;
        DateTimeOffset abandoned = time.GetUtcNow() - Abandoned;
        await foreach ((string marker, _) in bucket.ListAsync(Marker(""), cancellationToken).Where(m => m.Written < abandoned))
        {
            if (await bucket.TryReadAsync(marker, cancellationToken) is { } content)
            {
                await SweepAsync(Encoding.UTF8.GetString(content), marker[Marker("").Length..], cancellationToken);
                await bucket.DeleteAsync([marker], cancellationToken);
                swept++;
            }
        }

        return swept;
    }, cancellationToken);

    public void Dispose()
    {
        bucket.Dispose();
        copies.Dispose();
    }

    private static string Marker(string version) => $"{ArtifactKey.Temporary}/{version}";

    private async Task<string> StoreAsync(string key, string localFolder, CancellationToken cancellationToken)
    {
        List<ArtifactFile> files = LocalFolder.FilesToStore(key, localFolder);
        string hash = await LocalFolder.HashAsync(localFolder, files, cancellationToken);
        FolderManifest? replaced = await ManifestAsync(key, cancellationToken);
        if (replaced?.Hash == hash)
        {
            return hash;
        }

        FolderManifest fresh = new(Guid.NewGuid().ToString("N"), hash, files);
        if (files.Find(f => !bucket.CanName(fresh.ContentOf(key, f.Name))) is { } tooLong)
        {
            throw new ArtifactStoreException($"Cannot store artifact '{key}': together with its file '{tooLong.Name}' it is too long for a bucket.");
        }

        await WriteContentsAsync(key, fresh, localFolder, cancellationToken);
        if (replaced is not null)
        {
            await MarkAsync(key, replaced.Version, cancellationToken);
        }

        // From here on the outcome may be unknown: what is left is the sweep's, which looks at the manifest.
        await bucket.PutAsync(FolderManifest.ObjectOf(key), JsonSerializer.SerializeToUtf8Bytes(fresh), cancellationToken);
        await TidyAsync(token => bucket.DeleteAsync([Marker(fresh.Version)], token));
        return hash;
    }

    private async Task WriteContentsAsync(string key, FolderManifest fresh, string localFolder, CancellationToken cancellationToken)
    {
        bool written = false;
        try
        {
            await MarkAsync(key, fresh.Version, cancellationToken);
            foreach (ArtifactFile file in fresh.Files)
            {
                await bucket.UploadAsync(fresh.ContentOf(key, file.Name), Path.Combine(localFolder, file.Name), cancellationToken);
            }

            written = true;
        }
        finally
        {
            if (!written)
            {
                await TidyAsync(async token =>
                {
                    await DeleteAsync(FolderManifest.VersionFolder(key, fresh.Version), _ => true, token);
                    await bucket.DeleteAsync([Marker(fresh.Version)], token);
                });
            }
        }
    }

    private Task MarkAsync(string key, string version, CancellationToken cancellationToken) =>
        bucket.PutAsync(Marker(version), Encoding.UTF8.GetBytes(key), cancellationToken);

    private async Task SweepAsync(string key, string version, CancellationToken cancellationToken)
    {
        if ((await ManifestAsync(key, cancellationToken))?.Version != version)
        {
            string contents = FolderManifest.VersionFolder(key, version);
            await bucket.AbortUploadsAsync(contents, cancellationToken);
            await DeleteAsync(contents, _ => true, cancellationToken);
        }
    }

    private async Task<int> DeleteAsync(string start, Func<string, bool> chosen, CancellationToken cancellationToken)
    {
        int deleted = 0;
        await foreach (string[] names in bucket.ListAsync(start, cancellationToken).Select(o => o.Name).Where(chosen).Chunk(DeletedAtOnce))
        {
            await bucket.DeleteAsync(names, cancellationToken);
            deleted += names.Length;
        }

        return deleted;
    }

    /// <summary>Clears away, also after a cancellation, what the sweep would find too: that it fails changes nothing.</summary>
    private static async Task<bool> TidyAsync(Func<CancellationToken, Task> clear)
    {
        using CancellationTokenSource timeout = new(TidyTimeout);
        try
        {
            await clear(timeout.Token);
            return true;
        }
        catch (Exception exception) when (S3Failure.IsOne(exception, CancellationToken.None))
        {
            return false;
        }
    }

    private async Task<FolderManifest?> ManifestAsync(string key, CancellationToken cancellationToken) =>
        await bucket.TryReadAsync(FolderManifest.ObjectOf(key), cancellationToken) is { } content
            ? JsonSerializer.Deserialize<FolderManifest>(content)
            : null;

    private async Task<FoundFolder> GetAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken) ?? throw ArtifactStoreException.Missing(key);

    private async Task<FoundFolder?> FindAsync(string key, CancellationToken cancellationToken) =>
        await FindWithinAsync(key, cancellationToken) is { } found
            ? found.Files.All(f => f.Name.Length > 0) ? found : null
            : await FindBelowAsync(key, cancellationToken);

    /// <summary>The path is the key of a stored folder or leads into one; that of a file finds it alone, without a name.</summary>
    private async Task<FoundFolder?> FindWithinAsync(string path, CancellationToken cancellationToken)
    {
        for (int end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            string key = path[..end];
            if (await ManifestAsync(key, cancellationToken) is not { } manifest)
            {
                continue;
            }

            if (end == path.Length)
            {
                return new([.. manifest.Files.Select(f => new FoundFile(f.Name, f.Length, manifest.ContentOf(key, f.Name)))], manifest.Hash);
            }

            string inner = path[(end + 1)..];
            FoundFile[] files =
            [
                .. from file in manifest.Files
                   where file.Name == inner || file.Name.StartsWith(inner + "/", StringComparison.Ordinal)
                   select new FoundFile(file.Name[Math.Min(inner.Length + 1, file.Name.Length)..], file.Length, manifest.ContentOf(key, file.Name)),
            ];
            return files.Length > 0 ? new(files, Hash: null) : null;
        }

        return null;
    }

    private async Task<FoundFolder?> FindBelowAsync(string key, CancellationToken cancellationToken)
    {
        List<FoundFile> files = [];
        await foreach (string below in bucket.ListAsync(key + "/", cancellationToken).Select(o => FolderManifest.KeyOf(o.Name)).OfType<string>())
        {
            if (await ManifestAsync(below, cancellationToken) is { } manifest)
            {
                files.AddRange(manifest.Files.Select(f => new FoundFile($"{below[(key.Length + 1)..]}/{f.Name}", f.Length, manifest.ContentOf(below, f.Name))));
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files.Count > 0 ? new(files, Hash: null) : null;
    }

    private async Task<string> CopyAsync(string key, CancellationToken cancellationToken)
    {
        FoundFolder found = await GetAsync(key, cancellationToken);
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
