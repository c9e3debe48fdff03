namespace HyperSearch.Messaging;

/// <summary>A checkpoint that is durable in the artifact store.</summary>
/// <param name="Epoch">Finished epochs it holds.</param>
/// <param name="Key">Its folder in the artifact store.</param>
/// <param name="Hash">Hash over its files.</param>
public sealed record CheckpointReference(int Epoch, string Key, string Hash);
