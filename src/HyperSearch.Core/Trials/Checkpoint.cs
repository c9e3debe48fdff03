namespace HyperSearch.Core.Trials;

/// <summary>A checkpoint that is durable in the artifact store.</summary>
/// <param name="Epoch">Finished epochs it holds.</param>
/// <param name="Key">Its folder in the artifact store.</param>
public sealed record Checkpoint(int Epoch, string Key);
