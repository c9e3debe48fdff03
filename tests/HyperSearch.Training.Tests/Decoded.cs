using HyperSearch.Core.Studies;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.Tests;

/// <summary>Decodes datasets into a cache that is gone with the process.</summary>
internal static class Decoded
{
    private static readonly Preprocessing AsIs = new Preprocessing.Images(null, null, null);
    private static readonly Lazy<string> Cache = new(MakeCache);

    public static DatasetSource Source(string folder, string format, DatasetOptions? options = null, string? cache = null) =>
        new() { Folder = folder, Format = format, Options = options ?? DatasetOptions.Default, CacheFolder = cache ?? Cache.Value, CacheBytes = 1L << 30 };

    public static LabelledDataset Get(string folder, string format, Preprocessing? wanted = null, DatasetOptions? options = null, string? cache = null) =>
        DatasetCache.Get(Source(folder, format, options, cache), wanted ?? AsIs, static () => { }, CancellationToken.None);

    public static TestSplit Test(string folder, string format, IEnumerable<string> labels, Preprocessing? wanted = null, DatasetOptions? options = null) =>
        DatasetCache.Test(Source(folder, format, options), wanted ?? AsIs, [.. labels], static () => { }, CancellationToken.None);

    private static string MakeCache()
    {
        string folder = Directory.CreateTempSubdirectory("hypersearch-training-cache-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
