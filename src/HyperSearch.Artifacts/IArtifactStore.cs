namespace HyperSearch.Artifacts;

/// <summary>
/// Keeps folders of files (checkpoints, exported models) under <c>/</c>-separated keys. A folder appears whole and
/// durable, or not at all. Failures of the store arrive as <see cref="ArtifactStoreException"/>, invalid keys and file
/// names as <see cref="ArgumentException"/> (ask <see cref="ArtifactKey"/> first where they come from outside).
/// </summary>
public interface IArtifactStore
{
    /// <summary>Copies a local folder under the key; what lay there before is replaced, equal contents are left as they are.</summary>
    /// <returns>The hash of the stored folder, as <see cref="HashAsync"/> gives it.</returns>
    Task<string> PutFolderAsync(string key, string localFolder, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(string key, CancellationToken cancellationToken);

    /// <summary>The files under the key, by name in ordinal order, subfolders included.</summary>
    Task<IReadOnlyList<ArtifactFile>> ListAsync(string key, CancellationToken cancellationToken);

    Task<Stream> OpenReadAsync(string key, string fileName, CancellationToken cancellationToken);

    /// <summary>SHA-256 over the sorted file names and contents, in lower-case hexadecimal.</summary>
    Task<string> HashAsync(string key, CancellationToken cancellationToken);

    /// <summary>A local folder with the files under the key, to be read only: the store's own, or a copy of it.</summary>
    Task<string> LocalFolderAsync(string key, CancellationToken cancellationToken);

    /// <summary>The names one level below the key, also of what is still being written there; none if nothing lies there.</summary>
    Task<IReadOnlyList<string>> ChildrenAsync(string key, CancellationToken cancellationToken);

    /// <summary>When anything under the key was last written, by the clock of the store; null if nothing lies there.</summary>
    Task<DateTimeOffset?> LastWriteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Deletes everything under the key. False if there was nothing.</summary>
    Task<bool> DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Clears away what processes that have died left half written.</summary>
    /// <returns>How many dead processes were swept up after.</returns>
    Task<int> RemoveTemporaryAsync(CancellationToken cancellationToken);
}
