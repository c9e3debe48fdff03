namespace HyperSearch.Training;

/// <summary>Writes a file so that after a crash there is the old one or the whole new one.</summary>
internal static class DurableFile
{
    /// <summary>Writes to a temporary name beside the target, flushes to disk and renames.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string partial = path + ".partial";
        using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>The same for a text in UTF-8.</summary>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
