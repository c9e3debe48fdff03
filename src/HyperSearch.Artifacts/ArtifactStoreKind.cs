namespace HyperSearch.Artifacts;

/// <summary>The stores there are; settings name them in any case.</summary>
public enum ArtifactStoreKind
{
    /// <summary>A folder that all processes share.</summary>
    Folder,

    /// <summary>A bucket of S3 or of a server that speaks its protocol.</summary>
    S3,
}
