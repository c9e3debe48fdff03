using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HyperSearch.Core.Trials;
using TorchSharp;

namespace HyperSearch.Training.TensorCaches;

/// <summary>Writes one tensor of a cache entry, row after row.</summary>
internal sealed class TensorFileWriter : IDisposable
{
    private readonly string _name;
    private readonly torch.ScalarType _type;
    private readonly ImmutableArray<long> _rowShape;
    private readonly Action<long> _count;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FileStream _file;
    private long _bytes;
    private string? _digest;

    public TensorFileWriter(string folder, string name, torch.ScalarType type, ImmutableArray<long> rowShape, Action<long> count)
    {
        (_name, _type, _rowShape, _count) = (name, type, rowShape, count);
        RowBytes = checked((int)(CacheMeta.SizeOf(type) * rowShape.Aggregate(1L, (product, n) => product * n)));
        _file = new(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>Bytes of one row.</summary>
    public int RowBytes { get; }

    /// <summary>Appends whole rows.</summary>
    /// <exception cref="TrainingException">The cache may not become that large.</exception>
    public void Write(ReadOnlySpan<byte> rows)
    {
        _count(rows.Length);
        _bytes += rows.Length;
        _hash.AppendData(rows);
        _file.Write(rows);
    }

    /// <summary>Appends rows of whole numbers.</summary>
    public void Write(ReadOnlySpan<long> rows) => Write(MemoryMarshal.AsBytes(rows));

    /// <summary>The finished file; nothing more is written.</summary>
    public CachedTensor Finish()
    {
        Dispose();
        return _bytes > 0 && _bytes % RowBytes == 0
            ? new(_name, CacheMeta.NameOf(_type), [_bytes / RowBytes, .. _rowShape], _bytes, _digest!)
            : throw new TrainingException(FailureKind.Internal, $"The cached tensor {_name} has {_bytes} bytes, in rows of {RowBytes}.");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _digest ??= Convert.ToHexStringLower(_hash.GetHashAndReset());
        _file.Dispose();
        _hash.Dispose();
    }
}
