namespace HyperSearch.Standalone;

/// <summary>The folder of one standalone process: held exclusively while it lives.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string folder, FileStream @lock)
    {
        Folder = folder;
        _lock = @lock;
    }

    public string Folder { get; }

    public string Database => Path.Combine(Folder, "hypersearch.db");

    public string Artifacts => Path.Combine(Folder, "artifacts");

    public string Work => Path.Combine(Folder, "work");

    public string Log => Path.Combine(Folder, "hypersearch.log");

    /// <summary>Takes the folder; null when another process holds it.</summary>
    /// <param name="folder">The folder; made if it is missing.</param>
    public static DataFolder? Take(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new DataFolder(folder, new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return null;
        }
    }

    /// <summary>Notes the address for whoever comes second. Beside the lock, which nobody else can read.</summary>
    /// <param name="url">The address served on.</param>
    public void Announce(string url) => File.WriteAllText(AddressFile(Folder), url);

    /// <summary>The address of the process that holds the folder, or null while it starts.</summary>
    /// <param name="folder">The folder.</param>
    public static string? ReadAddress(string folder) => File.Exists(AddressFile(folder)) ? File.ReadAllText(AddressFile(folder)).Trim() : null;

    public void Dispose()
    {
        File.Delete(AddressFile(Folder));
        _lock.Dispose();
    }

    private static string AddressFile(string folder) => Path.Combine(folder, "url");
}
