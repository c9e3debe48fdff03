using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// sha256 over the names and contents of files. A process reads them once, as long as names, sizes and times of change
/// stay the same; a file that was changed within the last two seconds may change again unnoticed, so it is read anew.
/// </summary>
internal static class ContentHash
{
    private const int MostRemembered = 64;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<string, string> Remembered = new();

    /// <summary>The hash in lower-case hexadecimal.</summary>
    /// <param name="files">The files in a fixed order.</param>
    /// <param name="life">Told of every file and of what is read.</param>
    /// <param name="time">The clock that "changed lately" is told by.</param>
    /// <exception cref="TrainingException">One cannot be read; names it.</exception>
    public static string Of(IEnumerable<DataFile> files, SignOfLife life, TimeProvider time)
    {
        List<DataFile> all = [.. files];
        (string stamp, DateTime newest) = Stamp(all, life);
        if (Remembered.TryGetValue(stamp, out string? known))
        {
            return known;
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (DataFile file in all)
        {
            try
            {
                hash.AppendData(Encoding.UTF8.GetBytes(file.Name));
                hash.AppendData(FileHash.Of(file.Path, life));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw DataFaults.Unreadable(file.Path, exception);
            }

            life.File();
        }

        string result = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (time.GetUtcNow().UtcDateTime - newest > Settled && Stamp(all, life).Text == stamp)
        {
            if (Remembered.Count >= MostRemembered)
            {
                Remembered.Clear();
            }

            Remembered[stamp] = result;
        }

        return result;
    }

    private static (string Text, DateTime Newest) Stamp(List<DataFile> files, SignOfLife life)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        DateTime newest = DateTime.MinValue;
        foreach (DataFile file in files)
        {
            FileInfo target = new(file.Path);
            if (target.Exists && target.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                // The system follows links on the way to a file, but tells of a link itself what the link is.
                target = new(RealPath.Of(file.Path));
            }

            life.File();
            if (!target.Exists || target.Length == 0)
            {
                // Also what is no file: a pipe has no length, and opening it would wait for ever.
                throw DataFaults.Wrong(file, target.Exists ? "the file is empty" : "the file is missing");
            }

            newest = target.LastWriteTimeUtc > newest ? target.LastWriteTimeUtc : newest;
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{file.Path}\n{file.Name}\n{target.Length}\n{target.LastWriteTimeUtc.Ticks}\n")));
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), newest);
    }
}
