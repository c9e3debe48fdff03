namespace HyperSearch.Training;

/// <summary>Where decoded data is kept unless a request says otherwise.</summary>
public static class DecodedData
{
    /// <summary>Bytes that are kept at most: 20 GB.</summary>
    public const long DefaultBytes = 20L << 30;

    /// <summary>A folder below that for temporary files.</summary>
    public static string DefaultFolder { get; } = Path.Combine(Path.GetTempPath(), "hypersearch-cache");
}
