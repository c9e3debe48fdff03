namespace HyperSearch.Artifacts;

/// <summary>The files under a key of a bucket, and the hash of them all where it was stored with them.</summary>
internal sealed record FoundFolder(IReadOnlyList<FoundFile> Files, string? Hash);
