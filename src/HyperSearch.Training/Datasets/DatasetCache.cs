using System.Security.Cryptography;
using System.Text;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// Decodes a dataset once per process and keeps it while its files stay the same. It holds one dataset, the last used:
/// a process trains one trial at a time, and trials of one study follow each other.
/// </summary>
internal static class DatasetCache
{
    private static readonly Lock Gate = new();
    private static LabelledDataset? _dataset;
    private static string? _folder;
    private static string? _format;

    /// <summary>The dataset; it stays the cache's, callers do not dispose it.</summary>
    /// <exception cref="TrainingException">Missing or damaged; names the file.</exception>
    public static LabelledDataset Get(string folder, string format)
    {
        IDatasetFormat reader = DatasetFormats.Find(format);
        folder = Path.GetFullPath(folder);
        lock (Gate)
        {
            string hash = Hash(folder, reader.Files(folder));
            if (_dataset is { } cached && _folder == folder && _format == format && cached.Hash == hash)
            {
                return cached;
            }

            Clear();
            (_dataset, _folder, _format) = (reader.Load(folder, hash), folder, format);
            return _dataset;
        }
    }

    /// <summary>Forgets what is cached and frees its tensors.</summary>
    public static void Clear()
    {
        lock (Gate)
        {
            _dataset?.Dispose();
            _dataset = null;
        }
    }

    private static string Hash(string folder, IReadOnlyList<string> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            try
            {
                using FileStream stream = File.OpenRead(file);
                hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file).Replace('\\', '/')));
                hash.AppendData(SHA256.HashData(stream));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new TrainingException(FailureKind.DatasetError, $"{file} cannot be read: {exception.Message}", exception);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
