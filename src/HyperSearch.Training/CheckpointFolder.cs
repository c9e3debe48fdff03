namespace HyperSearch.Training;

/// <summary>A durable checkpoint: <c>last/</c> to go on from, <c>best/</c> the exportable model.</summary>
public sealed record CheckpointFolder
{
    /// <summary>Finished epochs; also the folder's name.</summary>
    public required int Epoch { get; init; }

    /// <summary>Full path of the folder.</summary>
    public required string Path { get; init; }

    /// <summary>sha256 over the names and contents of all its files, in lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>Size of all its files in bytes.</summary>
    public required long Bytes { get; init; }
}
