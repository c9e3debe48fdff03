namespace HyperSearch.Training.Datasets;

/// <summary>
/// Resizes one axis of an image by a triangle filter whose support grows with the reduction (bilinear with
/// antialiasing, as in Pillow, in which the usual vision models were trained). Only the part that is kept is computed.
/// </summary>
internal sealed class Resampling
{
    private readonly int[] _first;
    private readonly float[] _weights;
    private readonly int _taps;

    /// <summary>The weights of an axis.</summary>
    /// <param name="length">Pixels of the source.</param>
    /// <param name="resized">Pixels of the whole resized axis.</param>
    /// <param name="start">First pixel that is kept.</param>
    /// <param name="count">Pixels that are kept.</param>
    public Resampling(int length, int resized, int start, int count)
    {
        double scale = length / (double)resized, support = Math.Max(scale, 1);
        _taps = Math.Min(length, 2 * (int)Math.Ceiling(support) + 1);
        _first = new int[count];
        _weights = new float[count * _taps];
        for (int i = 0; i < count; i++)
        {
            double centre = (start + i + 0.5) * scale;
            int first = Math.Max(0, (int)(centre - support + 0.5)), end = Math.Min(length, (int)(centre + support + 0.5));
            _first[i] = Math.Min(first, length - _taps);
            double sum = 0;
            for (int source = first; source < end; source++)
            {
                double weight = Math.Max(0, 1 - Math.Abs((source + 0.5 - centre) / support));
                _weights[i * _taps + source - _first[i]] = (float)weight;
                sum += weight;
            }

            foreach (ref float weight in _weights.AsSpan(i * _taps, _taps))
            {
                weight = (float)(weight / sum);
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
        float[] between = new float[(bottom - top) * columns];
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<byte> row = plane.Slice(y * width, width);
            for (int x = 0; x < columns; x++)
            {
                float sum = 0;
                for (int tap = 0; tap < across._taps; tap++)
                {
                    sum += row[across._first[x] + tap] * across._weights[x * across._taps + tap];
                }

                between[(y - top) * columns + x] = sum;
            }
        }

        for (int y = 0; y < down._first.Length; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                float sum = 0;
                for (int tap = 0; tap < down._taps; tap++)
                {
                    sum += between[(down._first[y] - top + tap) * columns + x] * down._weights[y * down._taps + tap];
                }

                target[y * columns + x] = (byte)Math.Clamp(MathF.Round(sum, MidpointRounding.AwayFromZero), 0, 255);
            }
        }
    }
}
