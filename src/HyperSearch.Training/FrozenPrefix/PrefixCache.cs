using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.TensorCaches;
using TorchSharp;

namespace HyperSearch.Training.FrozenPrefix;

/// <summary>
/// The output of a model's frozen blocks, computed once for all trials of a machine that start from the same weights and
/// freeze as many. While blocks are frozen they run in evaluation mode, so that their output depends on the example alone.
/// Whether it is used depends on the request alone, never on what happens to be cached: a trial ends the same on every
/// machine with the same settings.
/// </summary>
internal sealed class PrefixCache : IDisposable
{
    // Rises when features are computed in another way.
    private const int Version = 4;

    // With one epoch at a depth the features would be computed as often as without.
    private const int FewestEpochs = 2;

    // More than this share of the cache for one trial would push out what others use.
    private const int LargestShare = 4;

    private readonly TrainingRequest _request;
    private readonly int _piece;
    private readonly LoadedModel _loaded;
    private readonly Batches _batches;
    private readonly string _data;
    private readonly Action _alive;
    private readonly CancellationToken _cancellationToken;
    private readonly TensorCache _cache;
    private readonly Dictionary<(ExampleSplit Split, int Block), ExampleSplit> _known = [];
    private readonly Dictionary<(ExampleSplit Features, ExampleSplit Part), ExampleSplit> _parts = [];
    private readonly List<IDisposable> _owned = [];

    /// <param name="request">The trial.</param>
    /// <param name="loaded">Its model.</param>
    /// <param name="batches">How examples become inputs.</param>
    /// <param name="data">Tells the decoded examples from all others.</param>
    /// <param name="piece">Examples that go through the frozen blocks at once.</param>
    /// <param name="alive">Called now and then while features are computed: a sign of life.</param>
    /// <param name="time">The clock of "used last".</param>
    /// <param name="cancellationToken">Ends the computing.</param>
    public PrefixCache(TrainingRequest request, LoadedModel loaded, Batches batches, string data, int piece, Action alive, TimeProvider time, CancellationToken cancellationToken)
    {
        (_request, _loaded, _batches, _data, _alive, _cancellationToken) = (request, loaded, batches, data, alive, cancellationToken);
        _piece = piece;
        _cache = new(request.Dataset.CacheFolder, request.Dataset.CacheBytes, time);
    }

    /// <summary>The features of a split while some blocks are frozen; the split itself where they are not worth keeping.</summary>
    /// <param name="split">All its examples.</param>
    /// <param name="epoch">0-based epoch.</param>
    public ExampleSplit Of(ExampleSplit split, int epoch)
    {
        int block = EpochTrainer.FrozenBlocks(_request.Parameters, epoch);
        if (!Pays(block))
        {
            Forget(block);
            return split;
        }

        if (!_known.TryGetValue((split, block), out ExampleSplit? features))
        {
            Forget(block);
            features = _known[(split, block)] = IsTooLarge(split, block) ? split : Read(split, block);
        }

        return features;
    }

    /// <summary>Some examples of a split as features, where the split has them.</summary>
    /// <param name="features">What <see cref="Of"/> gave for the split.</param>
    /// <param name="split">The split.</param>
    /// <param name="part">Rows of it.</param>
    public ExampleSplit Part(ExampleSplit features, ExampleSplit split, ExampleSplit part)
    {
        if (features.Features is null)
        {
            return part;
        }

        if (_parts.TryGetValue((features, part), out ExampleSplit? known))
        {
            return known;
        }

        Dictionary<long, long> places = split.Indices.Index().ToDictionary(i => i.Item, i => (long)i.Index);
        return _parts[(features, part)] = features.With([.. part.Indices.Select(row => places[row])]);
    }

    public void Dispose()
    {
        _known.Clear();
        _parts.Clear();
        _owned.ForEach(o => o.Dispose());
        _owned.Clear();
    }

    /// <summary>Whether trials of this kind have enough epochs at that depth, by the horizon and not by the segment.</summary>
    private bool Pays(int block)
    {
        ParameterSet parameters = _request.Parameters;
        int epochs = Enumerable.Range(0, parameters.Epochs).Count(e => EpochTrainer.FrozenBlocks(parameters, e) == block);
        return _request.KeepsFeatures && block > 0 && _loaded.WeightsHash is not null && epochs >= FewestEpochs;
    }

    private bool IsTooLarge(ExampleSplit split, int block)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return (double)Compute(split, torch.tensor(new[] { split.Indices[0] }), block).numel() * sizeof(float) * split.Count > (double)_request.Dataset.CacheBytes / LargestShare;
    }

    private ExampleSplit Read(ExampleSplit split, int block)
    {
        CachedTensors entry = _cache.GetOrBuild(Key(split, block), writer => Write(writer, split, block), _alive, _cancellationToken);
        using torch.Tensor rows = torch.tensor(split.CopyIndices());
        torch.Tensor labels = split.Labels.index_select(0, rows).DetachFromDisposeScope();

        // A text's mask goes on beside its features; of an image nothing is needed any more, and any tensor of as many rows stands there.
        torch.Tensor inputs = _loaded.Model.Config.Text is null ? labels : split.Inputs.index_select(0, rows).DetachFromDisposeScope();
        _owned.AddRange([entry, labels, inputs]);
        ExampleSplit all = ExampleSplit.All(inputs, labels, split.Source);
        return new(inputs, labels, all.CopyIndices()) { Source = split.Source, Features = entry["features"], Block = block };
    }

    private void Write(TensorCacheWriter writer, ExampleSplit split, int block)
    {
        using torch.Tensor rows = torch.tensor(split.CopyIndices());
        TensorFileWriter? file = null;
        foreach (BatchPiece piece in BatchPiece.OfEpoch(split.Count, 1, split.Count, _piece))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor features = Compute(split, rows.narrow(0, piece.From, piece.To - piece.From), block).cpu().contiguous();
            file ??= writer.Add("features", torch.ScalarType.Float32, [.. features.shape[1..]]);
            file.Write(features.bytes);
            _alive();
        }
    }

    private torch.Tensor Compute(ExampleSplit split, torch.Tensor rows, int block)
    {
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor inputs = _batches.Inputs(split, rows);
        return _loaded.Model.Features(inputs, 0, block, inputs, ForwardMode.Evaluation);
    }

    private string Key(ExampleSplit split, int block) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        Version,
        Weights = _loaded.WeightsHash,
        Config = _loaded.ConfigHash,
        Piece = _piece,
        Family = _request.Family.Name,
        _request.Family.Blocks,
        Block = block,
        Data = _data,
        Split = split.Source.ToString(),
        Rows = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<long>(split.CopyIndices()))),
        _request.Precision,
        Device = TorchRuntime.Device.type.ToString(),
        Libtorch = TorchRuntime.Version,
        _request.Threads,
    })));

    // A block that has thawed does not freeze again.
    private void Forget(int block)
    {
        if (_known.Keys.Any(k => k.Block != block))
        {
            Dispose();
        }
    }
}
