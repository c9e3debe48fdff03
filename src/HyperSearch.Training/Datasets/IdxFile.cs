using System.Buffers.Binary;
using System.IO.Compression;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// Reads IDX files of unsigned bytes (LeCun's MNIST format): two zero bytes, type 8, number of dimensions, each
/// dimension as 32 bits big-endian, data. Plain or gzip.
/// </summary>
internal static class IdxFile
{
    // Deflate cannot do better, so a header that claims more is refused before memory is taken.
    private const long MaxCompression = 1032;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file; .gz is unpacked.</param>
    /// <param name="dimensions">Dimensions it must have.</param>
    /// <exception cref="TrainingException">Missing, cut off, or another format; names the file.</exception>
    public static (long[] Shape, byte[] Data) Read(string path, int dimensions)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            bool packed = path.EndsWith(".gz", StringComparison.Ordinal);
            using Stream stream = packed ? new GZipStream(file, CompressionMode.Decompress) : file;
            long[] shape = ReadShape(path, stream, dimensions);
            long most = file.Length * (packed ? MaxCompression : 1);
            Int128 bytes = 1;
            foreach (long length in shape)
            {
                bytes *= length;
            }

            if (bytes > most || bytes > Array.MaxLength)
            {
                throw Fail(path, $"the header claims {bytes} bytes of data, more than the file can hold");
            }

            return (shape, ReadData(path, stream, (int)bytes));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static long[] ReadShape(string path, Stream stream, int dimensions)
    {
        Span<byte> header = stackalloc byte[4 + 4 * dimensions];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            throw Fail(path, "the file is too short for its header");
        }

        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != 0x0800u + (uint)dimensions)
        {
            throw Fail(path, $"it begins with 0x{magic:x8}, not with 0x{0x0800 + dimensions:x8} (unsigned bytes in {dimensions} dimensions)");
        }

        long[] shape = new long[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            shape[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + 4 * i)..]);
            if (shape[i] == 0)
            {
                throw Fail(path, "one of its dimensions is 0");
            }
        }

        return shape;
    }

    private static byte[] ReadData(string path, Stream stream, int length)
    {
        byte[] data = GC.AllocateUninitializedArray<byte>(length);
        int read = stream.ReadAtLeast(data, length, throwOnEndOfStream: false);
        if (read < length)
        {
            throw Fail(path, $"the data ends after {read} of {length} bytes: the file is cut off");
        }

        // Reading on to the end also lets gzip check its sum.
        return stream.ReadByte() < 0 ? data : throw Fail(path, "there is more data than the header says");
    }

    private static TrainingException Fail(string path, string what) => new(FailureKind.DatasetError, $"{path}: {what}.");
}
