using System.Globalization;
using HyperSearch.Artifacts;
using HyperSearch.Messaging;

namespace HyperSearch.Worker.Segments;

/// <summary>Where checkpoints lie in the artifact store. A worker writes only keys of its own attempts and deletes none.</summary>
internal sealed class CheckpointArchive(IArtifactStore store)
{
    private const int Baseline = -1;

    /// <summary>Makes a local checkpoint durable.</summary>
    /// <exception cref="ArtifactStoreException">The store is full or out of reach.</exception>
    public async Task<CheckpointReference> StoreAsync(AttemptReference attempt, WrittenCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        string key = Key(attempt, checkpoint.Epoch);
        string hash = await store.PutFolderAsync(key, checkpoint.Folder, cancellationToken);
        return new(checkpoint.Epoch, key, hash);
    }

    /// <summary>A local folder, to be read only, with the checkpoint.</summary>
    /// <exception cref="ArtifactStoreException">It is missing, or the store is out of reach.</exception>
    public Task<string> FetchAsync(string key, CancellationToken cancellationToken) => store.LocalFolderAsync(key, cancellationToken);

    internal static string Key(AttemptReference attempt, int epoch)
    {
        string trial = attempt.Number == Baseline ? "baseline" : attempt.Number.ToString(CultureInfo.InvariantCulture);
        return FormattableString.Invariant($"studies/{attempt.StudyId}/trials/{trial}/{attempt.Attempt}/{epoch}");
    }
}
