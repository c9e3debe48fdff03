using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HyperSearch.Worker.Slots;

/// <summary>The protocol between parent and child: a length of four bytes, little-endian, then as many bytes of JSON.</summary>
internal static class SlotFrames
{
    /// <summary>Far above any study; a stray print in the stream reads as a greater length.</summary>
    public const int MaxLength = 32 << 20;

    public static void Write<T>(Stream stream, T value, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        byte[] frame = new byte[sizeof(int) + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame, sizeof(int));
        stream.Write(frame);
        stream.Flush();
    }

    /// <summary>The next value; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">What arrived is not of this protocol.</exception>
    public static T? Read<T>(Stream stream, JsonTypeInfo<T> type)
        where T : class
    {
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        int read = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (read < prefix.Length || length is <= 0 or > MaxLength)
        {
            throw new InvalidDataException($"A frame cannot be {length} bytes long.");
        }

        byte[] json = new byte[length];
        if (stream.ReadAtLeast(json, length, throwOnEndOfStream: false) < length)
        {
            throw new InvalidDataException("A frame ends early.");
        }

        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("A frame is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("A frame is not what the protocol says.", exception);
        }
    }
}
