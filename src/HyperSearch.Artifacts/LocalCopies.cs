namespace HyperSearch.Artifacts;

/// <summary>
/// Copies of stored folders on the local disk, which is how a bucket gives a folder. They go with the process; what is
/// beyond the size allowed goes earlier, the longest unused first, but never what was handed out in the last minutes.
/// </summary>
internal sealed class LocalCopies(string root, long maxBytes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan StillRead = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, LocalCopy> copies = [];
    private readonly Lock gate = new();
    private TemporaryArea? area;

    /// <summary>The copy of these contents, if there is one.</summary>
    public string? Find(string contents)
    {
        lock (gate)
        {
            if (copies.TryGetValue(contents, out LocalCopy? copy))
            {
                copies[contents] = copy with { Used = time.GetUtcNow() };
            }

            return copy?.Folder;
        }
    }

    /// <summary>An empty folder to fill; whoever does not <see cref="Keep"/> it deletes it.</summary>
    public string NewFolder()
    {
        lock (gate)
        {
            if (area is null)
            {
                area = TemporaryArea.Open(root);
                TemporaryArea.Sweep(root, root, CancellationToken.None);
            }

            return area.NewFolder();
        }
    }

    /// <summary>Takes a filled folder; of two copies of the same contents the first stays.</summary>
    public string Keep(string contents, string folder, long bytes)
    {
        lock (gate)
        {
            if (copies.TryGetValue(contents, out LocalCopy? first))
            {
                Directory.Delete(folder, recursive: true);
                return first.Folder;
            }

            copies[contents] = new(folder, bytes, time.GetUtcNow());
            Shrink();
            return folder;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            area?.Dispose();
            area = null;
            copies.Clear();
        }
    }

    private void Shrink()
    {
        DateTimeOffset unused = time.GetUtcNow() - StillRead;
        long bytes = copies.Values.Sum(c => c.Bytes);
        foreach ((string contents, LocalCopy copy) in copies.Where(c => c.Value.Used < unused).OrderBy(c => c.Value.Used).ToList())
        {
            if (bytes <= maxBytes)
            {
                return;
            }

            Directory.Delete(copy.Folder, recursive: true);
            copies.Remove(contents);
            bytes -= copy.Bytes;
        }
    }

    private sealed record LocalCopy(string Folder, long Bytes, DateTimeOffset Used);
}
