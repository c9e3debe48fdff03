using SkiaSharp;

namespace HyperSearch.Training.Tests.Datasets;

/// <summary>Makes image files.</summary>
internal static class Pictures
{
    /// <summary>Writes an image whose pixels a function gives; the name's ending says the format.</summary>
    public static string Write(string path, int width, int height, Func<int, int, (int Red, int Green, int Blue)> pixel, int quality = 100)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int red, int green, int blue) = pixel(x, y);
                bitmap.SetPixel(x, y, new SKColor((byte)red, (byte)green, (byte)blue));
            }
        }

        using SKData data = bitmap.Encode(path.EndsWith(".png", StringComparison.Ordinal) ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, quality);
        File.WriteAllBytes(path, data.ToArray());
        return path;
    }

    /// <summary>An image of one colour with noise that depends on a seed.</summary>
    public static string Noisy(string path, int side, (int Red, int Green, int Blue) colour, ulong seed)
    {
        SeededGenerator generator = new(seed);
        return Write(path, side, side, (_, _) =>
        {
            int noise = generator.Next(60);
            return (Math.Min(255, colour.Red + noise), Math.Min(255, colour.Green + noise), Math.Min(255, colour.Blue + noise));
        });
    }

    /// <summary>Puts an EXIF orientation into a JPEG file.</summary>
    public static void Orient(string path, byte orientation)
    {
        byte[] jpeg = File.ReadAllBytes(path);
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, // APP1 and its length
            (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0,
            (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, // big-endian TIFF
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, // one entry: orientation, a short
            0, 0, 0, 0,
        ];
        File.WriteAllBytes(path, [.. jpeg[..2], .. exif, .. jpeg[2..]]);
    }
}
