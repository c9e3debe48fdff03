namespace HyperSearch.Artifacts;

/// <summary>The store could not do what was asked; the message names the key.</summary>
public sealed class ArtifactStoreException : Exception
{
    // ENOSPC, EDQUOT on Linux and macOS, ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL.
    private static readonly int[] outOfSpaceCodes =
        [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    public ArtifactStoreException()
    {
    }

    public ArtifactStoreException(string message)
        : base(message)
    {
    }

    public ArtifactStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The disk or the quota is full: room may be made and the operation repeated.</summary>
    public bool IsOutOfSpace { get; private init; }

    /// <summary>Nothing lies under the key.</summary>
    public bool IsMissing { get; private init; }

    internal static ArtifactStoreException Missing(string key) =>
        new($"Artifact '{key}' does not exist.") { IsMissing = true };

    internal static ArtifactStoreException From(string action, string key, Exception exception)
    {
        bool outOfSpace = exception is IOException && outOfSpaceCodes.Contains(exception.HResult);
        bool missing = exception is FileNotFoundException or DirectoryNotFoundException;
        return From(action, key, exception, exception.Message, outOfSpace, missing);
    }

    internal static ArtifactStoreException From(string action, string key, Exception exception, string message, bool outOfSpace, bool missing)
    {
        string reason = outOfSpace ? "no space is left" : missing ? "it does not exist" : message;
        return new ArtifactStoreException($"Cannot {action} artifact '{key}': {reason}", exception)
        {
            IsOutOfSpace = outOfSpace,
            IsMissing = missing,
        };
    }
}
