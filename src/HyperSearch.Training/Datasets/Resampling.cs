namespace HyperSearch.Training.Datasets;

/// <summary>
/// Resizes one axis of an image as Pillow does, in which the usual vision models were trained: a triangle (bilinear) or
/// Keys' cubic (bicubic) whose support grows with the reduction, weights in fixed point, bytes between the two
/// directions. Only the part that is kept is computed.
/// </summary>
internal sealed class Resampling
{
    // A weight of 1; sums of bytes and weights, cubic overshoot included, stay below 2^31.
    private const int Bits = 22;

    // Keys, "Cubic convolution interpolation for digital image processing", 1981, equation 15.
    private const double CubicSlope = -0.5;

    private readonly int[] _first;
    private readonly int[] _weights;
    private readonly int _taps;

    /// <summary>The weights of an axis.</summary>
    /// <param name="length">Pixels of the source.</param>
    /// <param name="resized">Pixels of the whole resized axis.</param>
    /// <param name="start">First pixel that is kept.</param>
    /// <param name="count">Pixels that are kept.</param>
    /// <param name="bicubic">The cubic instead of the triangle.</param>
    public Resampling(int length, int resized, int start, int count, bool bicubic)
    {
        double scale = length / (double)resized, stretch = Math.Max(scale, 1), support = (bicubic ? 2 : 1) * stretch;
        _taps = Math.Min(length, 2 * (int)Math.Ceiling(support) + 1);
        _first = new int[count];
        _weights = new int[count * _taps];
        Span<double> weights = new double[_taps];
        for (int i = 0; i < count; i++)
        {
            double centre = (start + i + 0.5) * scale, sum = 0;
            int first = Math.Max(0, (int)(centre - support + 0.5)), end = Math.Min(length, (int)(centre + support + 0.5));
            _first[i] = Math.Min(first, length - _taps);
            weights.Clear();
            for (int source = first; source < end; source++)
            {
                double x = Math.Abs((source + 0.5 - centre) / stretch), weight = bicubic ? Cubic(x) : Math.Max(0, 1 - x);
                weights[source - _first[i]] = weight;
                sum += weight;
            }

            for (int tap = 0; tap < _taps; tap++)
            {
                _weights[i * _taps + tap] = (int)Math.Round(weights[tap] / sum * (1 << Bits), MidpointRounding.AwayFromZero);
            }
        }
    }

    /// <summary>Resizes a plane in both directions.</summary>
    /// <param name="plane">Rows of bytes.</param>
    /// <param name="width">Bytes of a row.</param>
    /// <param name="across">Weights along the rows.</param>
    /// <param name="down">Weights along the columns.</param>
    /// <param name="target">Receives the rows.</param>
    public static void Apply(ReadOnlySpan<byte> plane, int width, Resampling across, Resampling down, Span<byte> target)
    {
        int columns = across._first.Length, top = down._first[0], bottom = down._first[^1] + down._taps;
        byte[] between = new byte[(bottom - top) * columns];
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<byte> row = plane.Slice(y * width, width);
            for (int x = 0; x < columns; x++)
            {
                between[(y - top) * columns + x] = across.Sum(row, x, across._first[x], 1);
            }
        }

        for (int y = 0; y < down._first.Length; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                target[y * columns + x] = down.Sum(between, y, (down._first[y] - top) * columns + x, columns);
            }
        }
    }

    private byte Sum(ReadOnlySpan<byte> source, int pixel, int from, int step)
    {
        int sum = 1 << (Bits - 1);
        foreach (int weight in _weights.AsSpan(pixel * _taps, _taps))
        {
            sum += source[from] * weight;
            from += step;
        }

        return (byte)Math.Clamp(sum >> Bits, 0, 255);
    }

    private static double Cubic(double x) => x switch
    {
        < 1 => ((CubicSlope + 2) * x - (CubicSlope + 3)) * x * x + 1,
        < 2 => ((x - 5) * x + 8) * x * CubicSlope - 4 * CubicSlope,
        _ => 0,
    };
}
