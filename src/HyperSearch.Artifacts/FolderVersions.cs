using System.Text;
using System.Text.Json;

namespace HyperSearch.Artifacts;

/// <summary>Writes stored folders into a bucket, a version each, and clears away what is left of those that are not named any more.</summary>
internal sealed class FolderVersions(S3Bucket bucket, FolderFinder finder, TimeProvider time)
{
    private const int DeletedAtOnce = 1000;
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);
    private static readonly TimeSpan TidyTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Stores a folder as a new version, unless its contents are there already.</summary>
    /// <returns>The hash of its contents.</returns>
    public async Task<string> StoreAsync(string key, string localFolder, CancellationToken cancellationToken)
    {
        List<ArtifactFile> files = LocalFolder.FilesToStore(key, localFolder);
        string hash = await LocalFolder.HashAsync(localFolder, files, cancellationToken);
        FolderManifest? replaced = await finder.ManifestAsync(key, cancellationToken);
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

    /// <summary>Clears away what is left of versions that a day ago were being written or were replaced.</summary>
    /// <returns>How many.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
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
        if ((await finder.ManifestAsync(key, cancellationToken))?.Version != version)
        {
            string contents = FolderManifest.VersionFolder(key, version);
            await bucket.AbortUploadsAsync(contents, cancellationToken);
            await DeleteAsync(contents, _ => true, cancellationToken);
        }
    }

    /// <summary>Deletes the chosen objects whose names begin so.</summary>
    public async Task<int> DeleteAsync(string start, Func<string, bool> chosen, CancellationToken cancellationToken)
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

    private static string Marker(string version) => $"{ArtifactKey.Temporary}/{version}";
}
