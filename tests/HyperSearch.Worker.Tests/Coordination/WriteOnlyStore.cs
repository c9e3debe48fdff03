using HyperSearch.Artifacts;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>A store that a worker only writes to.</summary>
internal abstract class WriteOnlyStore : IArtifactStore
{
    public abstract Task<string> PutFolderAsync(string key, string localFolder, CancellationToken cancellationToken);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ArtifactFile>> ListAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Stream> OpenReadAsync(string key, string fileName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> HashAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> LocalFolderAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ChildrenAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DateTimeOffset?> LastWriteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveTemporaryAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
