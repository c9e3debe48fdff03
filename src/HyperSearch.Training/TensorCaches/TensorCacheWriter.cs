using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Core.Trials;
using TorchSharp;

namespace HyperSearch.Training.TensorCaches;

/// <summary>Writes a cache entry into a folder that nobody reads yet.</summary>
internal sealed class TensorCacheWriter(string folder, long capacity) : IDisposable
{
    private readonly List<TensorFileWriter> _files = [];
    private long _bytes;

    /// <summary>Small facts beside the tensors.</summary>
    public JsonObject Notes { get; } = [];

    /// <summary>Begins a tensor; several may be written at the same time.</summary>
    /// <param name="name">Its name, valid as that of a file.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="rowShape">Dimensions after the first.</param>
    public TensorFileWriter Add(string name, torch.ScalarType type, params ImmutableArray<long> rowShape)
    {
        TensorFileWriter file = new(folder, name, type, rowShape, Count);
        _files.Add(file);
        return file;
    }

    /// <summary>Writes <c>meta.json</c>, which makes the entry whole. Returns the size of the tensors.</summary>
    public long Finish()
    {
        CacheMeta meta = new(CacheMeta.CurrentFormat, JsonSerializer.SerializeToElement(Notes), [.. _files.Select(f => f.Finish())]);
        File.WriteAllBytes(Path.Combine(folder, CacheMeta.FileName), JsonSerializer.SerializeToUtf8Bytes(meta));
        return meta.Bytes;
    }

    public void Dispose() => _files.ForEach(f => f.Dispose());

    private void Count(long bytes)
    {
        _bytes += bytes;
        if (_bytes > capacity)
        {
            throw new TrainingException(FailureKind.DatasetError, FormattableString.Invariant(
                $"The decoded data takes more than the {capacity >> 20} MB that the cache {Path.GetDirectoryName(folder)} may hold (Worker:CacheMegabytes)."));
        }
    }
}
