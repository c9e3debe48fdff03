using System.Security.Cryptography;
using System.Text;

namespace HyperSearch.Training;

/// <summary>sha256 of files of any size.</summary>
internal static class FileHash
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The hash of a file's content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="life">Told of what was read; null: nobody waits.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The work shall end.</exception>
    public static byte[] Of(string path, SignOfLife? life)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] buffer = new byte[Math.Clamp(stream.Length, 1, BufferBytes)];
        while (stream.Read(buffer) is int read and > 0)
        {
            hash.AppendData(buffer, 0, read);
            life?.Read(read);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>The hash over the names and contents of files, in lower-case hexadecimal.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="names">Their paths below it, in a fixed order.</param>
    /// <param name="life">Told of what was read; null: nobody waits.</param>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The work shall end.</exception>
    public static string Of(string folder, IEnumerable<string> names, SignOfLife? life)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + '\n'));
            hash.AppendData(Of(Path.Combine(folder, name), life));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
