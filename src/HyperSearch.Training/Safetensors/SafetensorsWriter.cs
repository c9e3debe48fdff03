using System.Text.Json;
using TorchSharp;

namespace HyperSearch.Training.Safetensors;

/// <summary>Writes float32 tensors as a safetensors file: the same tensors give the same bytes.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes to a temporary name beside the target, flushes to disk and renames.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="tensors">Float32 tensors on the CPU by name.</param>
    public static void Write(string path, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors)
    {
        KeyValuePair<string, torch.Tensor>[] sorted = [.. tensors.OrderBy(t => t.Key, StringComparer.Ordinal)];
        DurableFile.Write(path, stream =>
        {
            byte[] header = Header(sorted);
            stream.Write(BitConverter.GetBytes((ulong)header.Length));
            stream.Write(header);
            foreach ((string _, torch.Tensor tensor) in sorted)
            {
                using torch.Tensor dense = tensor.contiguous();
                stream.Write(dense.bytes);
            }
        });
    }

    private static byte[] Header(KeyValuePair<string, torch.Tensor>[] tensors)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt"); // What Python's loaders ask for.
            json.WriteEndObject();
            long offset = 0;
            foreach ((string name, torch.Tensor tensor) in tensors)
            {
                if (tensor.dtype != torch.ScalarType.Float32)
                {
                    throw new ArgumentException($"Tensor {name} is {tensor.dtype}, not float32.", nameof(tensors));
                }

                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", offset, offset += tensor.NumberOfElements * sizeof(float));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of eight, so that a mapped reader finds aligned data.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
