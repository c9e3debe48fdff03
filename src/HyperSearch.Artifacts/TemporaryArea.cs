namespace HyperSearch.Artifacts;

/// <summary>
/// Where one process writes before it renames: <c>.temporary/ID/</c>, alive as long as <c>.temporary/ID.lock</c> is
/// held. The system drops the lock with the process, so another process, also in another container or on another host,
/// can tell the dead from the living without knowing process ids.
/// </summary>
internal sealed class TemporaryArea : IDisposable
{
    private const string LockSuffix = ".lock";
    private const string KeyFile = "key";
    private const string ReplacedFolder = "replaced";
    private readonly FileStream lockFile;
    private readonly string folder;

    private TemporaryArea(FileStream lockFile, string folder)
    {
        this.lockFile = lockFile;
        this.folder = folder;
    }

    public static TemporaryArea Open(string root)
    {
        Directory.CreateDirectory(root);
        while (true)
        {
            string folder = Path.Combine(root, Guid.NewGuid().ToString("N"));
            if (TryLock(folder + LockSuffix, FileMode.CreateNew) is { } lockFile)
            {
                Directory.CreateDirectory(folder);
                return new TemporaryArea(lockFile, folder);
            }
        }
    }

    /// <summary>A new folder to write in; it is deleted by the caller.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>Moves a stored folder out of the way such that a sweep puts it back if this process dies now.</summary>
    public string SetAside(string key, string target)
    {
        string aside = NewFolder();
        File.WriteAllText(Path.Combine(aside, KeyFile), key);
        Directory.Move(target, Path.Combine(aside, ReplacedFolder));
        return aside;
    }

    /// <summary>Deletes the areas of dead processes; a folder that one of them had only set aside goes back to its place.</summary>
    public static int Sweep(string root, string storeFolder, CancellationToken cancellationToken)
    {
        int swept = 0;
        if (!Directory.Exists(root))
        {
            return swept;
        }

        foreach (string lockPath in Directory.EnumerateFiles(root, "*" + LockSuffix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using FileStream? abandoned = TryLock(lockPath, FileMode.Open);
            if (abandoned is null)
            {
                continue;
            }

            string folder = lockPath[..^LockSuffix.Length];
            if (Directory.Exists(folder))
            {
                PutBack(folder, storeFolder);
                Directory.Delete(folder, recursive: true);
            }

            File.Delete(lockPath);
            swept++;
        }

        return swept;
    }

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        File.Delete(lockFile.Name);
        lockFile.Dispose();
    }

    private static void PutBack(string folder, string storeFolder)
    {
        foreach (string aside in Directory.EnumerateDirectories(folder))
        {
            string keyFile = Path.Combine(aside, KeyFile);
            string replaced = Path.Combine(aside, ReplacedFolder);
            if (!File.Exists(keyFile) || !Directory.Exists(replaced))
            {
                continue;
            }

            string target = Path.Combine(storeFolder, File.ReadAllText(keyFile));
            if (!Directory.Exists(target))
            {
                Directory.Move(replaced, target);
            }
        }
    }

    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            return null; // swept by another process
        }
        catch (IOException exception) when (exception is not DirectoryNotFoundException && IsHeld(exception))
        {
            return null;
        }
    }

    // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
