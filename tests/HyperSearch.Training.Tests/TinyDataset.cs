using System.Buffers.Binary;
using System.IO.Compression;

namespace HyperSearch.Training.Tests;

/// <summary>Small IDX datasets whose classes differ in where the image is bright, so that they can be learnt.</summary>
internal static class TinyDataset
{
    public static string Write(string folder, int train = 40, int? validation = 24, int? test = 24, int classes = 3, int side = 16)
    {
        Directory.CreateDirectory(folder);
        WritePair(folder, "train", train, classes, side, 1);
        if (validation is { } v)
        {
            WritePair(folder, "validation", v, classes, side, 2);
        }

        if (test is { } t)
        {
            WritePair(folder, "t10k", t, classes, side, 3);
        }

        return folder;
    }

    public static void WriteIdx(string path, byte[] data, params int[] shape)
    {
        byte[] file = new byte[4 + 4 * shape.Length + data.Length];
        file[2] = 8;
        file[3] = (byte)shape.Length;
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * i), shape[i]);
        }

        data.CopyTo(file, 4 + 4 * shape.Length);
        File.WriteAllBytes(path, path.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(file) : file);
    }

    public static byte[] Gzip(byte[] data)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return packed.ToArray();
    }

    private static void WritePair(string folder, string split, int count, int classes, int side, ulong seed)
    {
        SeededGenerator generator = new(seed);
        byte[] images = new byte[count * side * side], labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % classes);
            for (int y = 0; y < side; y++)
            {
                for (int x = 0; x < side; x++)
                {
                    int light = y * classes / side == labels[i] ? 120 : 0;
                    images[(i * side + y) * side + x] = (byte)(light + generator.Next(120));
                }
            }
        }

        WriteIdx(Path.Combine(folder, $"{split}-images-idx3-ubyte.gz"), images, count, side, side);
        WriteIdx(Path.Combine(folder, $"{split}-labels-idx1-ubyte"), labels, count);
    }
}
