using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// Prepares batches on a thread of its own, two ahead of the one in use. Batches come in the order of the pieces and are
/// what the caller's own thread would have made of them, bit for bit. Features in memory are only copied: their batches are
/// made when they are asked for, as handing one over takes longer.
/// </summary>
internal sealed class BatchLoader : IDisposable
{
    private const int Ahead = 2;

    private readonly Batches _batches;
    private readonly ExampleSplit _split;
    private readonly BatchPiece[] _pieces;
    private readonly LightAugmentation? _augmentation;
    private readonly TimeProvider _time;
    private readonly Batch[] _ready = new Batch[Ahead];
    private readonly SemaphoreSlim _filled = new(0);
    private readonly SemaphoreSlim _free = new(Ahead);
    private readonly torch.Tensor _rows;
    private readonly Thread? _thread;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _stopped;
    private int _taken;
    private int _made;

    /// <summary>Starts to prepare.</summary>
    /// <param name="batches">How.</param>
    /// <param name="split">From what.</param>
    /// <param name="order">Rows of the split in their order.</param>
    /// <param name="pieces">Which of them go together.</param>
    /// <param name="augmentation">What changes images; null for none.</param>
    /// <param name="time">The clock of the waiting.</param>
    public BatchLoader(Batches batches, ExampleSplit split, long[] order, BatchPiece[] pieces, LightAugmentation? augmentation, TimeProvider time)
    {
        (_batches, _split, _pieces, _augmentation, _time) = (batches, split, pieces, augmentation, time);
        _rows = torch.empty(order.Length, torch.ScalarType.Int64).DetachFromDisposeScope();
        MemoryMarshal.AsBytes<long>(order).CopyTo(_rows.bytes);
        if (split.Features is null)
        {
            _thread = new(Prepare) { IsBackground = true, Name = "batches" };
            _thread.Start();
        }
    }

    /// <summary>How long the caller has waited for batches.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>The next batch; it is in no dispose scope, the caller frees it.</summary>
    public Batch Next()
    {
        if (_thread is null)
        {
            return Make(_pieces[_taken++]).Detach();
        }

        if (!_filled.Wait(0))
        {
            long start = _time.GetTimestamp();
            _filled.Wait();
            Waited += _time.GetElapsedTime(start);
        }

        if (_taken == Volatile.Read(ref _made))
        {
            _failure!.Throw();
        }

        Batch batch = _ready[_taken++ % Ahead];
        _free.Release();
        return batch;
    }

    public void Dispose()
    {
        _stopped = true;
        _free.Release();
        _thread?.Join();
        for (; _taken < _made; _taken++)
        {
            _ready[_taken % Ahead].Dispose();
        }

        _rows.Dispose();
        _filled.Dispose();
        _free.Dispose();
    }

    private Batch Make(BatchPiece piece)
    {
        using torch.Tensor rows = _rows.narrow(0, piece.From, piece.To - piece.From);
        return _batches.Of(_split, rows, _augmentation);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong here is thrown where the batch is asked for.")]
    private void Prepare()
    {
        try
        {
            // There is no scope on this thread, which saves what one would allocate for every batch.
            foreach (BatchPiece piece in _pieces)
            {
                _free.Wait();
                if (_stopped)
                {
                    return;
                }

                _ready[_made % Ahead] = Make(piece);
                Volatile.Write(ref _made, _made + 1);
                _filled.Release();
            }
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            _filled.Release();
        }
    }
}
