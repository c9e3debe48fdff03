using System.Security.Cryptography;
using System.Text;

namespace HyperSearch.Training;

/// <summary>A durable checkpoint: <c>last/</c> to go on from, <c>best/</c> the exportable model.</summary>
public sealed record CheckpointFolder
{
    /// <summary>Finished epochs; also the folder's name.</summary>
    public required int Epoch { get; init; }

    /// <summary>Full path of the folder.</summary>
    public required string Path { get; init; }

    /// <summary>sha256 over the relative paths and the contents of all its files, in lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>Size of all its files in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Reads a checkpoint folder and hashes it; equal folders have equal hashes wherever they lie.</summary>
    /// <param name="path">The folder, named after its epoch.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CheckpointFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        IEnumerable<string> files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Select(f => System.IO.Path.GetRelativePath(path, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        foreach (string file in files)
        {
            using FileStream stream = File.OpenRead(System.IO.Path.Combine(path, file));
            hash.AppendData(Encoding.UTF8.GetBytes(file + '\n'));
            hash.AppendData(SHA256.HashData(stream));
            bytes += stream.Length;
        }

        return new()
        {
            Epoch = int.Parse(System.IO.Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture),
            Path = path,
            Hash = Convert.ToHexStringLower(hash.GetHashAndReset()),
            Bytes = bytes,
        };
    }
}
