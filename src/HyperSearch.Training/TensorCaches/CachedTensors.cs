using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using TorchSharp;

namespace HyperSearch.Training.TensorCaches;

/// <summary>An entry of the cache: tensors over memory-mapped files, whose pages all processes share. They must not be written to.</summary>
internal sealed class CachedTensors : IDisposable
{
    // Trials of a study open the same entries one after the other: a file is read through once per process, and again when it changes.
    private static readonly ConcurrentDictionary<string, (string Hash, DateTime Written)> Whole = new(StringComparer.Ordinal);

    private readonly Dictionary<string, torch.Tensor> _tensors = [];

    private CachedTensors(JsonElement notes) => Notes = notes;

    /// <summary>Small facts beside the tensors.</summary>
    public JsonElement Notes { get; }

    /// <summary>The tensor of that name.</summary>
    public torch.Tensor this[string name] => _tensors[name];

    /// <summary>The tensor of that name, or null.</summary>
    public torch.Tensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>Checks a folder against its <c>meta.json</c> and maps its files; null if anything is missing, damaged or just removed.</summary>
    public static CachedTensors? Open(string folder)
    {
        CachedTensors? entry = null;
        try
        {
            if (!File.Exists(Path.Combine(folder, CacheMeta.FileName))
                || JsonSerializer.Deserialize<CacheMeta>(File.ReadAllBytes(Path.Combine(folder, CacheMeta.FileName))) is not { Format: CacheMeta.CurrentFormat, Tensors.IsDefault: false } meta)
            {
                return null;
            }

            entry = new(meta.Notes);
            foreach (CachedTensor tensor in meta.Tensors)
            {
                entry._tensors.Add(tensor.Name, Map(folder, tensor));
            }

            return entry;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException or ExternalException)
        {
            entry?.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        foreach (torch.Tensor tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }

    private static torch.Tensor Map(string folder, CachedTensor tensor)
    {
        string path = Path.Combine(folder, tensor.Name);
        (string Hash, DateTime Written) found = (tensor.Hash, File.GetLastWriteTimeUtc(path));
        using (FileStream file = File.OpenRead(path))
        {
            if (file.Length != tensor.Bytes
                || (Whole.GetValueOrDefault(path) != found && Convert.ToHexStringLower(SHA256.HashData(file)) != tensor.Hash))
            {
                throw new IOException($"{path} is damaged.");
            }
        }

        Whole[path] = found;

        long elements = tensor.Shape.Aggregate(1L, (product, n) => product * n);
        using torch.Tensor flat = torch.from_file(path, shared: false, elements, CacheMeta.TypeOf(tensor.Type));
        return flat.view([.. tensor.Shape]).DetachFromDisposeScope();
    }
}
