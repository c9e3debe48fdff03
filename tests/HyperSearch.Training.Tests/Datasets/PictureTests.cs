using System.Text.Json;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.Tests.Datasets;

public sealed class PictureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("a.png", 0)]
    [InlineData("a.jpg", 16)]
    public void Read_PngAndJpeg_GivePlanesOfColours(string name, int tolerance)
    {
        Picture picture = Read(Pictures.Write(_folder[name], 16, 8, (x, y) => (16 * x, 32 * y, 128)));

        (picture.Width, picture.Height, picture.Channels).ShouldBe((16, 8, 3));
        for (int i = 0; i < 128; i++)
        {
            ((double)picture.Planes[i]).ShouldBe(16 * (i % 16), tolerance);
            ((double)picture.Planes[128 + i]).ShouldBe(32 * (i / 16), tolerance);
            ((double)picture.Planes[256 + i]).ShouldBe(128, tolerance);
        }

        picture.HasColour.ShouldBeTrue();
        Read(Pictures.Write(_folder["grey.png"], 4, 4, (x, y) => (x, x, x))).HasColour.ShouldBeFalse();
    }

    // Where the bright quarter of the stored image, top left, is seen.
    [Theory]
    [InlineData(1, 0, 0, false)]
    [InlineData(2, 1, 0, false)]
    [InlineData(3, 1, 1, false)]
    [InlineData(4, 0, 1, false)]
    [InlineData(5, 0, 0, true)]
    [InlineData(6, 1, 0, true)]
    [InlineData(7, 1, 1, true)]
    [InlineData(8, 0, 1, true)]
    public void Read_ExifOrientation_IsTurnedUpright(byte orientation, int column, int row, bool sideways)
    {
        string path = Pictures.Write(_folder["a.jpg"], 32, 16, (x, y) => x < 16 && y < 8 ? (255, 255, 255) : (0, 0, 0));
        Pictures.Orient(path, orientation);

        Picture picture = Read(path);

        (picture.Width, picture.Height).ShouldBe(sideways ? (16, 32) : (32, 16));
        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 2; x++)
            {
                int middle = (picture.Height / 4 + y * picture.Height / 2) * picture.Width + picture.Width / 4 + x * picture.Width / 2;
                ((int)picture.Planes[middle]).ShouldBeInRange(x == column && y == row ? 240 : 0, x == column && y == row ? 255 : 15);
            }
        }
    }

    [Fact]
    public void Read_TransparentPixels_KeepTheirColours()
    {
        using (SkiaSharp.SKBitmap bitmap = new(new SkiaSharp.SKImageInfo(2, 1, SkiaSharp.SKColorType.Rgba8888, SkiaSharp.SKAlphaType.Unpremul)))
        {
            bitmap.SetPixel(0, 0, new SkiaSharp.SKColor(200, 100, 50, 128));
            bitmap.SetPixel(1, 0, new SkiaSharp.SKColor(10, 20, 30, 255));
            File.WriteAllBytes(_folder["a.png"], bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100).ToArray());
        }

        Read(_folder["a.png"]).Planes.ShouldBe(new byte[] { 200, 10, 100, 20, 50, 30 });
    }

    // Bilinear with antialiasing: the triangle has the width of two source pixels on each side, so a half's weights are 3, 3 and 1 of 7.
    [Fact]
    public void Fit_HalfTheSize_AveragesWithTheTriangleFilter()
    {
        Picture grey = new(4, 4, [.. Enumerable.Range(0, 16).Select(i => (byte)(i % 4 * 70))]);
        byte[] half = new byte[4];

        grey.Fit(new(1, 2, null), half);

        half.ShouldBe(new byte[] { 50, 160, 50, 160 });
    }

    [Fact]
    public void Fit_LongerSide_LosesItsEnds()
    {
        Picture wide = new(8, 4, [.. Enumerable.Range(0, 32).Select(i => (byte)(i % 8 * 10))]);
        byte[] cut = new byte[16], stretched = new byte[16];

        wide.Fit(new(1, 4, null), cut);
        wide.Fit(new(1, 4, 0), stretched);

        cut[..4].ShouldBe(new byte[] { 20, 30, 40, 50 });
        stretched[..4].ShouldBe(new byte[] { 7, 25, 45, 63 });
    }

    [Fact]
    public void Fit_ShortSideAboveTheSize_CutsTheMiddleOut()
    {
        Picture square = new(8, 8, [.. Enumerable.Range(0, 64).Select(i => (byte)(i % 8 * 10 + i / 8))]);
        byte[] middle = new byte[16];

        square.Fit(new(1, 4, 8), middle);

        middle[..4].ShouldBe(new byte[] { 22, 32, 42, 52 });
        middle[12..].ShouldBe(new byte[] { 25, 35, 45, 55 });
    }

    [Fact]
    public void Fit_AnySize_GivesPillowsBytes()
    {
        JsonElement[] cases = [.. JsonSerializer.Deserialize<JsonElement>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Datasets", "PillowReference.json"))).EnumerateArray()];
        foreach (JsonElement reference in cases)
        {
            int Number(string name) => reference.GetProperty(name).GetInt32();
            byte[] Bytes(string name) => Convert.FromHexString(reference.GetProperty(name).GetString()!);
            byte[] target = new byte[Number("size") * Number("size")];

            new Picture(Number("width"), Number("height"), Bytes("source"))
                .Fit(new(1, Number("size"), Number("short_side"), reference.GetProperty("bicubic").GetBoolean()), target);

            target.ShouldBe(Bytes("expected"), reference.GetRawText());
        }

        cases.Length.ShouldBe(24);
    }

    [Theory]
    [InlineData(28, 64)]
    [InlineData(64, 28)]
    [InlineData(100, 99)]
    [InlineData(3, 224)]
    public void Fit_EvenImage_StaysEven(int side, int size)
    {
        byte[] target = new byte[size * size];

        new Picture(side, side, [.. Enumerable.Repeat((byte)201, side * side)]).Fit(new(1, size, null), target);

        target.ShouldAllBe(b => b == 201);
    }

    [Fact]
    public void Fit_Channels_AreRepeatedOrWeighed()
    {
        byte[] three = new byte[12], one = new byte[4];
        new Picture(2, 2, [1, 2, 3, 4]).Fit(new(3, 2, null), three);
        new Picture(2, 2, [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]).Fit(new(1, 2, null), one);

        three.ShouldBe(new byte[] { 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4 });
        one.ShouldBe(new byte[] { 76, 150, 29, 255 });
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.jpg")]
    public void Read_CutOffAnywhere_IsAnErrorThatNamesTheFile(string name)
    {
        byte[] whole = File.ReadAllBytes(Pictures.Noisy(_folder[name], 24, (90, 120, 30), 5));
        int refused = 0;

        // The last bytes are checksums and the end mark, which say nothing about pixels.
        for (int length = 0; length < whole.Length - 24; length += Math.Max(1, whole.Length / 300))
        {
            File.WriteAllBytes(_folder[name], whole[..length]);
            TrainingException exception = Should.Throw<TrainingException>(() => Read(_folder[name]));
            (exception.Kind, exception.Message.Contains(_folder[name], StringComparison.Ordinal)).ShouldBe((FailureKind.DatasetError, true));
            refused++;
        }

        refused.ShouldBeGreaterThan(250);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.jpg")]
    public void Read_AnyByteChanged_IsAPictureOrADatasetError(string name)
    {
        byte[] whole = File.ReadAllBytes(Pictures.Noisy(_folder[name], 24, (90, 120, 30), 5));
        SeededGenerator generator = new(11);
        int read = 0, refused = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = [.. whole];
            damaged[generator.Next(damaged.Length)] ^= (byte)(1 + generator.Next(255));
            File.WriteAllBytes(_folder[name], damaged);
            try
            {
                Read(_folder[name]);
                read++;
            }
            catch (TrainingException exception) when (exception.Kind == FailureKind.DatasetError)
            {
                refused++;
            }
        }

        (read + refused).ShouldBe(500);
        refused.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Read_HeaderOfAHugeImage_IsRefusedBeforeItIsDecoded()
    {
        byte[] png = File.ReadAllBytes(Pictures.Write(_folder["a.png"], 8, 8, (_, _) => (0, 0, 0)));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60_000);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        File.WriteAllBytes(_folder["a.png"], png);

        Should.Throw<TrainingException>(() => Read(_folder["a.png"])).Message.ShouldContain("60000x60000");
    }

    [Fact]
    public void Read_NoImage_SaysSo()
    {
        File.WriteAllText(_folder["a.png"], "GIF89a is another format");

        Should.Throw<TrainingException>(() => Read(_folder["a.png"])).Message.ShouldContain("no PNG or JPEG");
    }

    public void Dispose() => _folder.Dispose();

    private static Picture Read(string path) => Picture.Read(new(path, Path.GetFileName(path)));

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
