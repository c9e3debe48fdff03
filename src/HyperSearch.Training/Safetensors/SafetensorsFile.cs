using System.Buffers.Binary;
using System.Collections.Frozen;
using System.IO.MemoryMappedFiles;
using HyperSearch.Core.Trials;
using TorchSharp;

namespace HyperSearch.Training.Safetensors;

/// <summary>A safetensors file, memory-mapped: 8 bytes header length (little endian), JSON header, raw data.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = 8;

    // The reference implementation's limit.
    private const long MaxHeaderBytes = 100_000_000;

    private readonly string _path;
    private readonly MemoryMappedFile _map;
    private readonly long _dataOffset;
    private readonly FrozenDictionary<string, SafetensorsEntry> _tensors;

    private SafetensorsFile(string path, MemoryMappedFile map, long dataOffset, SafetensorsHeader header)
    {
        _path = path;
        _map = map;
        _dataOffset = dataOffset;
        _tensors = header.Tensors.ToFrozenDictionary(t => t.Name);
    }

    /// <summary>Names of all tensors.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>Opens a file and checks its whole header.</summary>
    /// <exception cref="TrainingException">Missing, damaged, or another format; names the file and the tensor.</exception>
    public static SafetensorsFile Open(string path)
    {
        RefusePickle(path);
        MemoryMappedFile? map = null;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            long length = stream.Length;
            Span<byte> prefix = stackalloc byte[LengthBytes];
            if (stream.ReadAtLeast(prefix, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
            {
                throw Fail(path, "the file is too short for a header");
            }

            ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerBytes > MaxHeaderBytes || headerBytes > (ulong)(length - LengthBytes))
            {
                throw Fail(path, $"a header of {headerBytes} bytes does not fit the file's {length}; it is cut off or no safetensors file");
            }

            byte[] json = new byte[headerBytes];
            stream.ReadExactly(json);
            long dataOffset = LengthBytes + (long)headerBytes;
            SafetensorsHeader header = SafetensorsHeader.Parse(path, json, length - dataOffset);
            map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            return new(path, map, dataOffset, header);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            map?.Dispose();
            throw new TrainingException(FailureKind.DatasetError, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The tensor's entry, or null.</summary>
    public SafetensorsEntry? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>Copies a tensor into an existing float32 tensor of the same shape, whatever its stored float type.</summary>
    /// <exception cref="TrainingException">No such tensor, another shape, or a type that is not read.</exception>
    public void CopyTo(string name, torch.Tensor target)
    {
        SafetensorsEntry entry = Find(name) ?? throw Fail(_path, $"tensor '{name}' is missing");
        if (!entry.Shape.AsSpan().SequenceEqual(target.shape))
        {
            throw Fail(_path, $"tensor '{name}' has shape [{string.Join(", ", entry.Shape)}], the model needs [{string.Join(", ", target.shape)}]");
        }

        using torch.Tensor stored = Read(entry);
        using IDisposable noGrad = torch.no_grad();
        target.copy_(stored);
    }

    public void Dispose() => _map.Dispose();

    private torch.Tensor Read(SafetensorsEntry entry)
    {
        torch.ScalarType type = entry.Type switch
        {
            "F32" => torch.ScalarType.Float32,
            "F16" => torch.ScalarType.Float16,
            "BF16" => torch.ScalarType.BFloat16,
            _ => throw Fail(_path, $"tensor '{entry.Name}' has type {entry.Type}; F32, F16 and BF16 can be read"),
        };
        if (entry.Bytes > Array.MaxLength)
        {
            throw Fail(_path, $"tensor '{entry.Name}' is larger than 2 GB");
        }

        torch.Tensor tensor = torch.empty(entry.Shape.AsSpan(), type);
        if (entry.Bytes > 0)
        {
            using MemoryMappedViewStream view = _map.CreateViewStream(_dataOffset + entry.Begin, entry.Bytes, MemoryMappedFileAccess.Read);
            view.ReadExactly(tensor.bytes);
        }

        return tensor;
    }

    private static void RefusePickle(string path)
    {
        if (Path.GetExtension(path) is ".bin" or ".pt" or ".pth" or ".ckpt" or ".pkl")
        {
            throw Fail(path, "pickle files can run code and are not read; convert it once in Python with "
                + "safetensors.torch.save_file(torch.load(path, weights_only=True), 'model.safetensors')");
        }
    }

    private static TrainingException Fail(string path, string what) => new(FailureKind.DatasetError, $"{path}: {what}.");
}
