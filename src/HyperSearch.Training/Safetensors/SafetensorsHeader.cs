using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Safetensors;

/// <summary>
/// The JSON header of a safetensors file, believed only after every size, offset and shape is checked: the tensors
/// must tile the data without a gap or an overlap (as the format's reference implementation asks).
/// </summary>
internal sealed class SafetensorsHeader
{
    private const int MaxNameLength = 1024;
    private const int MaxDimensions = 8;

    private readonly string _file;

    private SafetensorsHeader(string file) => _file = file;

    public ImmutableArray<SafetensorsEntry> Tensors { get; private set; } = [];

    /// <summary>Parses and checks a header.</summary>
    /// <param name="file">The file's path, for errors.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataBytes">Bytes of the file after the header.</param>
    /// <exception cref="TrainingException">The header is not to be believed; names file and tensor.</exception>
    public static SafetensorsHeader Parse(string file, ReadOnlyMemory<byte> json, long dataBytes)
    {
        SafetensorsHeader header = new(file);
        try
        {
            JsonDocumentOptions options = new() { MaxDepth = 8, AllowDuplicateProperties = false };
            using JsonDocument document = JsonDocument.Parse(json, options);
            header.Tensors = [.. header.Read(document.RootElement).OrderBy(t => t.Begin).ThenBy(t => t.End)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // The latter: not UTF-8.
        {
            throw header.Fail($"the header is not valid JSON ({exception.Message})");
        }

        header.CheckTiling(dataBytes);
        return header;
    }

    private IEnumerable<SafetensorsEntry> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Fail("the header is not a JSON object");
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name != "__metadata__")
            {
                yield return ReadEntry(property.Name, property.Value);
            }
        }
    }

    private SafetensorsEntry ReadEntry(string name, JsonElement value)
    {
        if (name.Length is 0 or > MaxNameLength)
        {
            throw Fail($"a tensor name has {name.Length} characters");
        }

        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out JsonElement type) || type.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array
            || !value.TryGetProperty("data_offsets", out JsonElement offsets) || offsets.ValueKind != JsonValueKind.Array)
        {
            throw Fail($"tensor '{name}' lacks dtype, shape or data_offsets");
        }

        ImmutableArray<long> ends = Whole(name, offsets, "data_offsets");
        if (ends.Length != 2 || ends[0] > ends[1])
        {
            throw Fail($"tensor '{name}' has data_offsets that are not a begin and an end");
        }

        SafetensorsEntry entry = new(name, type.GetString()!, Whole(name, shape, "shape"), ends[0], ends[1]);
        CheckSize(entry);
        return entry;
    }

    private ImmutableArray<long> Whole(string name, JsonElement array, string field)
    {
        if (array.GetArrayLength() > MaxDimensions)
        {
            throw Fail($"tensor '{name}' has {array.GetArrayLength()} numbers in {field}");
        }

        ImmutableArray<long>.Builder numbers = ImmutableArray.CreateBuilder<long>();
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                throw Fail($"tensor '{name}' has a {field} that is not made of whole numbers from 0");
            }

            numbers.Add(number);
        }

        return numbers.ToImmutable();
    }

    private void CheckSize(SafetensorsEntry entry)
    {
        int size = SafetensorsType.Size(entry.Type);
        if (size == 0)
        {
            throw Fail($"tensor '{entry.Name}' has the unknown type '{entry.Type}'");
        }

        UInt128 bytes = (UInt128)size;
        foreach (long length in entry.Shape)
        {
            // Eight factors overflow 128 bits too, so stop at what no file can hold.
            bytes = bytes > long.MaxValue ? bytes : bytes * (UInt128)length;
        }

        if (bytes != (UInt128)entry.Bytes)
        {
            throw Fail($"tensor '{entry.Name}' of shape [{string.Join(", ", entry.Shape)}] and type {entry.Type} does not fill its {entry.Bytes} bytes");
        }
    }

    private void CheckTiling(long dataBytes)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in Tensors)
        {
            if (entry.End > dataBytes)
            {
                throw Fail($"tensor '{entry.Name}' ends at byte {entry.End} of {dataBytes}: the file is cut off");
            }

            if (entry.Begin != end)
            {
                throw Fail($"tensor '{entry.Name}' begins at byte {entry.Begin}, where {end} is next: tensors overlap or leave a gap");
            }

            end = entry.End;
        }

        if (end != dataBytes)
        {
            throw Fail($"{dataBytes - end} bytes after the last tensor belong to none");
        }
    }

    private TrainingException Fail(string what) => new(FailureKind.DatasetError, $"{_file}: {what}.");
}
