using System.Text.Json;

namespace HyperSearch.Artifacts;

/// <summary>Finds stored folders in a bucket by their manifests.</summary>
internal sealed class FolderFinder(S3Bucket bucket)
{
    /// <summary>What is stored under a key; null if nothing is.</summary>
    public async Task<FolderManifest?> ManifestAsync(string key, CancellationToken cancellationToken) =>
        await bucket.TryReadAsync(FolderManifest.ObjectOf(key), cancellationToken) is { } content
            ? JsonSerializer.Deserialize<FolderManifest>(content)
            : null;

    /// <exception cref="ArtifactStoreException">Nothing is stored there.</exception>
    public async Task<FoundFolder> GetAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken) ?? throw ArtifactStoreException.Missing(key);

    /// <summary>A stored folder, a folder within one, or all stored folders below.</summary>
    public async Task<FoundFolder?> FindAsync(string key, CancellationToken cancellationToken) =>
        await FindWithinAsync(key, cancellationToken) is { } found
            ? found.Files.All(f => f.Name.Length > 0) ? found : null
            : await FindBelowAsync(key, cancellationToken);

    /// <summary>The path is the key of a stored folder or leads into one; that of a file finds it alone, without a name.</summary>
    public async Task<FoundFolder?> FindWithinAsync(string path, CancellationToken cancellationToken)
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
}
