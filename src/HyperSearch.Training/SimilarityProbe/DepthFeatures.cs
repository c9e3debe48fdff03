using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.TensorCaches;
using TorchSharp;

namespace HyperSearch.Training.SimilarityProbe;

/// <summary>
/// The features of some examples after every block of a model, one row [width] each, from one pass. They are kept in the
/// machine's cache, so that a probe that is repeated after its worker died, or another study's, only reads them.
/// </summary>
internal sealed class DepthFeatures : IDisposable
{
    // Rises when features are computed in another way.
    private const int Version = 2;

    private readonly CachedTensors _entry;

    private DepthFeatures(CachedTensors entry) => _entry = entry;

    /// <summary>Features as float32 [n, width] after that many blocks; the cache's.</summary>
    public torch.Tensor this[int depth] => _entry[Name(depth)];

    /// <summary>Reads or computes them.</summary>
    /// <param name="request">Which model, and where the cache lies.</param>
    /// <param name="loaded">The model.</param>
    /// <param name="split">The examples.</param>
    /// <param name="data">Tells the decoded examples from all others.</param>
    /// <param name="alive">Called after every batch: a sign of life.</param>
    /// <param name="cancellationToken">Ends it at the next batch.</param>
    public static DepthFeatures Of(ProbeRequest request, LoadedModel loaded, ExampleSplit split, string data, Action alive, CancellationToken cancellationToken)
    {
        int piece = Evaluator.PieceOf(request.MicroBatch);
        string key = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version,
            Kind = "probe",
            Weights = loaded.WeightsHash,
            Config = loaded.ConfigHash,
            Family = request.Family.Name,
            request.Family.Blocks,
            Data = data,
            Rows = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<long>(split.CopyIndices()))),
            Device = TorchRuntime.Device.type.ToString(),
            Libtorch = TorchRuntime.Version,
            Piece = piece,
            request.Threads,
        })));
        return new(new TensorCache(request.Dataset.CacheFolder, request.Dataset.CacheBytes, TimeProvider.System)
            .GetOrBuild(key, writer => Write(writer, loaded.Model, split, piece, alive, cancellationToken), alive, cancellationToken));
    }

    public void Dispose() => _entry.Dispose();

    private static void Write(TensorCacheWriter writer, TrainableModel model, ExampleSplit split, int piece, Action alive, CancellationToken cancellationToken)
    {
        TensorFileWriter[] files = new TensorFileWriter[model.Blocks];
        BatchPiece[] pieces = BatchPiece.Every(split.Count, piece);
        using IDisposable noGrad = torch.no_grad();
        using Batches batches = new(model.Config, TorchRuntime.Device);
        using BatchLoader loader = new(batches, split, split.CopyIndices(), pieces, null, TimeProvider.System);
        foreach (BatchPiece _ in pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = torch.NewDisposeScope();
            using Batch batch = loader.Next();
            foreach ((int block, torch.Tensor summary) in model.Summaries(batch.Inputs).Index())
            {
                torch.Tensor rows = summary.cpu().contiguous();
                files[block] ??= writer.Add(Name(block + 1), torch.ScalarType.Float32, [.. rows.shape[1..]]);
                files[block].Write(rows.bytes);
            }

            alive();
        }
    }

    private static string Name(int depth) => FormattableString.Invariant($"depth{depth}");
}
