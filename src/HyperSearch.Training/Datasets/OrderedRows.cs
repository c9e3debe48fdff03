using System.Runtime.ExceptionServices;
using HyperSearch.Training.TensorCaches;

namespace HyperSearch.Training.Datasets;

/// <summary>Makes rows on all processors and writes them in order.</summary>
internal static class OrderedRows
{
    private const int ChunkBytes = 8 << 20;
    private const int MostRows = 1024;

    /// <summary>Fills a row.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="target">Receives its bytes; zero before.</param>
    public delegate void Fill(int row, Span<byte> target);

    /// <summary>Writes rows 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="target">Where to.</param>
    /// <param name="fill">Called by several threads, once for each row.</param>
    /// <param name="alive">Called after every chunk.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static void Write(int count, TensorFileWriter target, Fill fill, Action alive, CancellationToken cancellationToken)
    {
        int size = target.RowBytes, chunk = Math.Clamp(ChunkBytes / size, 1, MostRows);
        byte[] buffer = new byte[(long)Math.Min(chunk, count) * size];
        ParallelOptions options = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        for (int start = 0; start < count; start += chunk)
        {
            int first = start, rows = Math.Min(chunk, count - start);
            Array.Clear(buffer);
            try
            {
                Parallel.For(0, rows, options, i => fill(first + i, buffer.AsSpan(i * size, size)));
            }
            catch (AggregateException several)
            {
                ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions.OrderBy(e => e.Message, StringComparer.Ordinal).First());
            }

            target.Write(buffer.AsSpan(0, rows * size));
            alive();
        }
    }
}
