namespace HyperSearch.Artifacts;

/// <summary>A file under a key of a bucket and the object that holds it.</summary>
internal sealed record FoundFile(string Name, long Length, string Content);
