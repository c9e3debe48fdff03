namespace HyperSearch.Artifacts;

/// <summary>One file of a stored folder: its <c>/</c>-separated name below the key, and its length in bytes.</summary>
public sealed record ArtifactFile(string Name, long Length);
