namespace HyperSearch.Artifacts;

/// <summary>
/// What makes a folder in a bucket whole: one object, written last, that names the version of the folder's contents, their
/// hash and the files.
/// </summary>
internal sealed record FolderManifest(string Version, string Hash, IReadOnlyList<ArtifactFile> Files)
{
    // Neither can be a part of a key, nor of a file name, because both end in a dot.
    private const string ManifestName = "manifest.";
    private const string ManifestSuffix = "/" + ManifestName;

    public static string ObjectOf(string key) => key + ManifestSuffix;

    /// <summary>The key of a manifest's object; null for any other object.</summary>
    public static string? KeyOf(string name) =>
        name.EndsWith(ManifestSuffix, StringComparison.Ordinal) ? name[..^ManifestSuffix.Length] : null;

    /// <summary>What the objects of one version have before their names. They are written once and never changed.</summary>
    public static string VersionFolder(string key, string version) => $"{key}/{version}./";

    public string ContentOf(string key, string fileName) => VersionFolder(key, Version) + fileName;
}
