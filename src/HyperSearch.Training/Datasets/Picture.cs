using SkiaSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>A decoded image: planes of bytes, one after the other; three for colour, one for grey.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Planes">Red, green and blue, or grey.</param>
internal sealed record Picture(int Width, int Height, byte[] Planes)
{
    // A small file may claim to be any size; larger photographs than this do not occur.
    private const long MostPixels = 100_000_000;

    /// <summary>1 or 3.</summary>
    public int Channels => Planes.Length / (Width * Height);

    /// <summary>Whether any pixel is not grey.</summary>
    public bool HasColour
    {
        get
        {
            ReadOnlySpan<byte> planes = Planes;
            int plane = Width * Height;
            return Channels == 3
                && !(planes[..plane].SequenceEqual(planes.Slice(plane, plane)) && planes[..plane].SequenceEqual(planes[(2 * plane)..]));
        }
    }

    /// <summary>Decodes PNG or JPEG and turns it as its EXIF orientation says. Transparency is ignored, as by Pillow's <c>convert("RGB")</c>.</summary>
    /// <exception cref="TrainingException">The file is cut off, too large, or no image; names it.</exception>
    public static Picture Read(DataFile file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DataFaults.Unreadable(file.Path, exception);
        }

        using SKData data = SKData.CreateCopy(bytes);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg })
        {
            throw DataFaults.Wrong(file, "this is no PNG or JPEG image, or its header is damaged");
        }

        SKImageInfo info = codec.Info;
        if ((long)info.Width * info.Height > MostPixels)
        {
            throw DataFaults.Wrong(file, FormattableString.Invariant($"{info.Width}x{info.Height} pixels are more than the {MostPixels} that are decoded"));
        }

        SKAlphaType alpha = info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        SKCodecResult result = codec.GetPixels(new(info.Width, info.Height, SKColorType.Rgba8888, alpha), out byte[] pixels);
        return result == SKCodecResult.Success
            ? Turn(pixels, info.Width, info.Height, codec.EncodedOrigin)
            : throw DataFaults.Wrong(file, result == SKCodecResult.IncompleteInput ? "the image is cut off" : $"the image is damaged ({result})");
    }

    /// <summary>Writes the image as a model takes it: planes of a square.</summary>
    /// <param name="wanted">Channels, size and how to get there.</param>
    /// <param name="target">Receives the planes.</param>
    public void Fit(Preprocessing.Images wanted, Span<byte> target)
    {
        Picture source = Channels == 3 && wanted.Channels == 1 ? ToGrey() : this;
        int width = wanted.Size ?? Width, height = wanted.Size ?? Height, plane = width * height;
        (int resizedWidth, int resizedHeight) = Resized(wanted);
        Resampling across = new(Width, resizedWidth, (resizedWidth - width) / 2, width, wanted.Bicubic);
        Resampling down = new(Height, resizedHeight, (resizedHeight - height) / 2, height, wanted.Bicubic);
        for (int channel = 0; channel < source.Channels; channel++)
        {
            ReadOnlySpan<byte> from = source.Planes.AsSpan(channel * Width * Height, Width * Height);
            Span<byte> to = target.Slice(channel * plane, plane);
            if ((resizedWidth, resizedHeight, width, height) == (Width, Height, Width, Height))
            {
                from.CopyTo(to);
            }
            else
            {
                Resampling.Apply(from, Width, across, down, to);
            }
        }

        for (int channel = source.Channels; channel < (wanted.Channels ?? source.Channels); channel++)
        {
            target[..plane].CopyTo(target.Slice(channel * plane, plane));
        }
    }

    private (int Width, int Height) Resized(Preprocessing.Images wanted)
    {
        if (wanted.Size is not { } size)
        {
            return (Width, Height);
        }

        int side = wanted.ShortSide ?? size;
        return side == 0 ? (size, size)
            : Width <= Height ? (side, (int)((long)side * Height / Width))
            : ((int)((long)side * Width / Height), side);
    }

    // Rec. 601 luma in sixteen bits, as Pillow's convert("L").
    private Picture ToGrey()
    {
        int plane = Width * Height;
        byte[] grey = new byte[plane];
        for (int i = 0; i < plane; i++)
        {
            grey[i] = (byte)((19595 * Planes[i] + 38470 * Planes[plane + i] + 7471 * Planes[2 * plane + i] + 0x8000) >> 16);
        }

        return new(Width, Height, grey);
    }

    // Where a pixel of the turned image comes from, by the eight orientations of EXIF.
    private static Picture Turn(byte[] rgba, int width, int height, SKEncodedOrigin origin)
    {
        bool sideways = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        (int turnedWidth, int turnedHeight) = sideways ? (height, width) : (width, height);
        int plane = width * height;
        byte[] planes = new byte[3 * plane];
        for (int y = 0; y < turnedHeight; y++)
        {
            for (int x = 0; x < turnedWidth; x++)
            {
                (int column, int row) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    SKEncodedOrigin.LeftBottom => (width - 1 - y, x),
                    _ => (x, y),
                };
                int from = 4 * (row * width + column), to = y * turnedWidth + x;
                (planes[to], planes[plane + to], planes[2 * plane + to]) = (rgba[from], rgba[from + 1], rgba[from + 2]);
            }
        }

        return new(turnedWidth, turnedHeight, planes);
    }
}
