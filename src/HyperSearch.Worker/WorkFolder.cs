using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker;

/// <summary>
/// The folder of one life of the process, for what is not yet an artifact. A lock file beside it tells the living from
/// the dead, whose folders are removed at the next start.
/// </summary>
internal sealed partial class WorkFolder(IOptions<WorkerOptions> options, Guid incarnation, ILogger<WorkFolder> logger) : IDisposable
{
    private const string LockExtension = ".lock";
    private FileStream? _lock;

    /// <summary>The file whose age tells when the API answered last.</summary>
    public string AliveFile => AliveFileIn(options.Value.WorkFolder);

    public string Folder { get; } = Path.Combine(Path.GetFullPath(options.Value.WorkFolder), incarnation.ToString("N"));

    public static string AliveFileIn(string root) => Path.Combine(root, "alive");

    /// <summary>Makes the folder and removes those of dead processes.</summary>
    public void Open()
    {
        Directory.CreateDirectory(options.Value.WorkFolder);
        _lock = new FileStream(Folder + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        Directory.CreateDirectory(Folder);
        foreach (string dead in Directory.EnumerateDirectories(options.Value.WorkFolder).Where(f => f != Folder).ToList())
        {
            Remove(dead);
        }
    }

    public string ForAttempt(long job) => Path.Combine(Folder, FormattableString.Invariant($"attempt-{job}"));

    public void TouchAlive()
    {
        try
        {
            File.WriteAllBytes(AliveFile, []);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogCannotTouch(exception, AliveFile);
        }
    }

    public void Dispose()
    {
        if (_lock is { } held)
        {
            _lock = null;
            Delete(Folder);
            File.Delete(held.Name);
            held.Dispose();
        }
    }

    internal void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A child that is just ending may still write there; the next start removes the rest.
            LogCannotDelete(exception, folder);
        }
    }

    private void Remove(string folder)
    {
        if (!Guid.TryParseExact(Path.GetFileName(folder), "N", out _))
        {
            return;
        }

        FileStream claimed;
        try
        {
            claimed = new FileStream(folder + LockExtension, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogInUse(folder);
            return;
        }

        using (claimed)
        {
            Delete(folder);
            File.Delete(claimed.Name);
        }

        LogRemoved(folder);
    }

    [LoggerMessage(LogLevel.Information, "Removed the folder of a dead worker process: {Folder}")]
    private partial void LogRemoved(string folder);

    [LoggerMessage(LogLevel.Debug, "Another worker process uses {Folder}")]
    private partial void LogInUse(string folder);

    [LoggerMessage(LogLevel.Warning, "Cannot delete {Folder}")]
    private partial void LogCannotDelete(Exception exception, string folder);

    [LoggerMessage(LogLevel.Warning, "Cannot touch {File}; the health check will call this worker unhealthy")]
    private partial void LogCannotTouch(Exception exception, string file);
}
