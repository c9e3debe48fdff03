using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HyperSearch.Artifacts;

/// <summary>The hash of a folder: per file, in ordinal order of names, name and content, each with its length before it.</summary>
internal sealed class ArtifactHash : IDisposable
{
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a file and, if a copy is given, writes what was hashed to it.</summary>
    public async Task AppendAsync(string name, long length, Stream content, Stream? copy, CancellationToken cancellationToken)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        AppendLength(nameBytes.Length);
        sha256.AppendData(nameBytes);
        AppendLength(length);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                sha256.AppendData(buffer, 0, read);
                if (copy is not null)
                {
                    await copy.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public string ToHex() => Convert.ToHexStringLower(sha256.GetCurrentHash());

    public void Dispose() => sha256.Dispose();

    private void AppendLength(long length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        sha256.AppendData(bytes);
    }
}
