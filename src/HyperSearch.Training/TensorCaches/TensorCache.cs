using HyperSearch.Core.Trials;

namespace HyperSearch.Training.TensorCaches;

/// <summary>
/// Tensors by key in a folder that all processes of a machine share: each entry is built once, under a temporary name,
/// and then renamed. Only one process builds at a time; the others wait. The entries that were not used for longest go
/// first when there are too many bytes; whoever has one open keeps it.
/// </summary>
/// <param name="folder">The folder; made if it is missing.</param>
/// <param name="capacity">Bytes that all entries may take together; while one is built, it comes on top.</param>
/// <param name="time">The clock of "used last".</param>
internal sealed class TensorCache(string folder, long capacity, TimeProvider time)
{
    private const string Partial = ".partial";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // EWOULDBLOCK of Linux and macOS, and Windows' sharing violation; and likewise a full disk.
    private static readonly int[] LockedErrors = [11, 35, unchecked((int)0x80070020)];
    private static readonly int[] FullErrors = [28, unchecked((int)0x80070070)];

    /// <summary>The entry, built if it is missing or damaged.</summary>
    /// <param name="key">Its key, a sha256 in lower-case hexadecimal: other folders are not the cache's.</param>
    /// <param name="build">Writes it.</param>
    /// <param name="alive">Called while another process builds: a sign of life.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TrainingException">The folder cannot be written; names it.</exception>
    public CachedTensors GetOrBuild(string key, Action<TensorCacheWriter> build, Action alive, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
            while (true)
            {
                if (Open(key) is { } found)
                {
                    return found;
                }

                using FileStream? gate = TryLock();
                if (gate is not null)
                {
                    return Open(key) ?? BuildWithRoom(key, build);
                }

                alive();
                cancellationToken.WaitHandle.WaitOne(Pause);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(FailureKind.DatasetError, $"The cache {folder} cannot be used: {exception.Message}", exception);
        }
    }

    private CachedTensors? Open(string key)
    {
        string path = Path.Combine(folder, key);
        if (CachedTensors.Open(path) is not { } entry)
        {
            return null;
        }

        string meta = Path.Combine(path, CacheMeta.FileName);
        if (File.Exists(meta))
        {
            File.SetLastWriteTimeUtc(meta, time.GetUtcNow().UtcDateTime);
        }

        return entry;
    }

    private FileStream? TryLock()
    {
        string path = Path.Combine(folder, "build.lock");
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (LockedErrors.Contains(exception.HResult))
        {
            return null;
        }
    }

    private CachedTensors BuildWithRoom(string key, Action<TensorCacheWriter> build)
    {
        try
        {
            return Build(key, build);
        }
        catch (IOException exception) when (FullErrors.Contains(exception.HResult))
        {
            // The disk has less room than the cache may take: everything else goes.
            MakeRoom(key, capacity);
            return Build(key, build);
        }
    }

    private CachedTensors Build(string key, Action<TensorCacheWriter> build)
    {
        string path = Path.Combine(folder, key), partial = path + Partial;
        Remove(partial);
        Directory.CreateDirectory(partial);
        try
        {
            using TensorCacheWriter writer = new(partial, capacity);
            build(writer);
            MakeRoom(key, writer.Finish());
            Remove(path);
            Directory.Move(partial, path);
        }
        catch
        {
            Remove(partial);
            throw;
        }

        return Open(key) ?? throw new IOException($"{path} was damaged as soon as it was written");
    }

    // Under the lock: whatever else is partial belongs to a process that has died.
    private void MakeRoom(string key, long needed)
    {
        List<(string Path, DateTime Used, long Bytes)> entries = [];
        foreach (DirectoryInfo entry in new DirectoryInfo(folder).EnumerateDirectories().Where(d => IsEntry(d.Name) && d.Name != key && d.Name != key + Partial))
        {
            FileInfo meta = new(Path.Combine(entry.FullName, CacheMeta.FileName));
            entries.Add(entry.Name.EndsWith(Partial, StringComparison.Ordinal) || !meta.Exists
                ? (entry.FullName, DateTime.MinValue, capacity)
                : (entry.FullName, meta.LastWriteTimeUtc, entry.EnumerateFiles().Sum(f => f.Length)));
        }

        long kept = needed;
        foreach ((string path, _, long bytes) in entries.OrderByDescending(e => e.Used))
        {
            kept += bytes;
            if (kept > capacity)
            {
                Remove(path);
            }
        }
    }

    private static bool IsEntry(string name) =>
        (name.EndsWith(Partial, StringComparison.Ordinal) ? name[..^Partial.Length] : name) is { Length: 64 } key && key.All(char.IsAsciiHexDigitLower);

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
