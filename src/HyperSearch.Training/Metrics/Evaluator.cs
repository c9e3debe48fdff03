using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.Metrics;

/// <summary>Scores a model on a split in evaluation mode. The batch is fixed, so that a score never depends on a trial's parameters.</summary>
/// <param name="model">The model.</param>
/// <param name="batches">How examples become inputs.</param>
/// <param name="microBatch">Most examples that fit into memory, where fewer do than are in a batch; else null.</param>
internal sealed class Evaluator(TrainableModel model, Batches batches, int? microBatch)
{
    private const int BatchSize = 50;

    /// <summary>Examples that go through a model at once where no gradient is needed.</summary>
    /// <param name="microBatch">Most examples that fit into memory, where fewer do than are in a batch; else null.</param>
    public static int PieceOf(int? microBatch) => Math.Min(BatchSize, microBatch ?? BatchSize);

    /// <summary>Scores all examples of a split.</summary>
    /// <param name="split">The examples.</param>
    /// <param name="batchFinished">Called after every batch.</param>
    /// <param name="cancellationToken">Ends it at the next batch.</param>
    public Scores Score(ExampleSplit split, Action batchFinished, CancellationToken cancellationToken)
    {
        int classes = model.Config.Labels.Length;
        Scores scores = new(classes, new long[split.Count], new long[split.Count], new float[split.Count], new float[classes == 2 ? split.Count : 0]);
        using IDisposable noGrad = torch.no_grad();
        BatchPiece[] pieces = BatchPiece.Every(split.Count, PieceOf(microBatch));
        using BatchLoader loader = new(batches, split, split.CopyIndices(), pieces, null, TimeProvider.System);
        foreach (BatchPiece piece in pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ScoreBatch(loader, piece.From, scores);
            batchFinished();
        }

        return scores;
    }

    private void ScoreBatch(BatchLoader loader, int start, Scores scores)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Batch batch = loader.Next();
        torch.Tensor labels = batch.Labels, logits = model.Forward(batch, ForwardMode.Evaluation);
        torch.Tensor losses = F.cross_entropy(logits, labels, reduction: torch.nn.Reduction.None);
        Copy(labels, scores.Labels, start);
        Copy(logits.argmax(1), scores.Predictions, start);
        Copy(losses, scores.Losses, start);
        if (scores.Margins.Length > 0)
        {
            Copy(logits.select(1, 1) - logits.select(1, 0), scores.Margins, start);
        }
    }

    private static void Copy<T>(torch.Tensor tensor, T[] target, int start) where T : unmanaged =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(tensor.cpu().contiguous().bytes).CopyTo(target.AsSpan(start));
}
