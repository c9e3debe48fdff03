using System.Runtime.InteropServices;
using HyperSearch.Core.Studies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.SimilarityProbe;

/// <summary>
/// Probes a pretrained model (Alain and Bengio: Understanding intermediate layers using linear classifier probes, 2016): one
/// pass over at most 2,000 training examples gives the features after every block; a linear classifier on three quarters
/// of them is scored on the rest, for each depth by itself. The draws are seeded by the dataset alone; groups stay together.
/// The validation split is left to the search, so that it does not choose freezing twice.
/// <para>
/// There is no depth 0: raw pixels or token ids are no features of the model, and freezing no block is always worth a trial.
/// Features are pooled to one row, so that early depths, narrow and with their places lost, score lower than a whole image
/// could: scores compare depths, they do not foretell what a trial reaches.
/// </para>
/// </summary>
internal static class ProbeRun
{
    /// <summary>Training examples that are used at most.</summary>
    public const int MostExamples = 2000;

    private const double HeldOutShare = 0.25;
    private const string Metric = "val_balanced_accuracy";

    /// <summary>Probes it.</summary>
    public static ProbeAnswer Run(ProbeRequest request, Action alive, CancellationToken cancellationToken)
    {
        Preprocessing wanted = Preprocessing.Of(request.Family, request.WeightsFolder, request.DatasetOptions, request.DatasetFormat);
        LabelledDataset dataset = DatasetCache.Get(DatasetSource.Of(request), wanted, alive, cancellationToken);
        int classes = dataset.Labels.Length;
        ExampleSplit train = StratifiedDraw.Take(dataset.Train, classes, request.MaxTrainExamples ?? int.MaxValue, dataset.Seed);
        ExampleSplit used = StratifiedDraw.Take(train, classes, MostExamples, Seeds.Derive(dataset.Seed, SeedPurpose.Probe));
        (ExampleSplit fitted, ExampleSplit heldOut) = Share(dataset, used, 1);
        if (heldOut.Count == 0)
        {
            return new(null, "The dataset has too few training examples or groups to hold any out for a probe.");
        }

        (ExampleSplit first, ExampleSplit chosenOn) = Share(dataset, fitted, 2);
        Dictionary<long, long> places = used.Indices.Index().ToDictionary(i => i.Item, i => (long)i.Index);
        LinearProbe probe = new(classes, Labels(used), Places(fitted), Places(heldOut), Places(first), Places(chosenOn), () =>
        {
            alive();
            cancellationToken.ThrowIfCancellationRequested();
        });
        LoadedModel loaded = ModelLoader.ForTraining(request.Family, request.WeightsFolder, dataset, dataset.Seed, TorchRuntime.Device);
        using TrainableModel model = loaded.Model;
        using DepthFeatures features = DepthFeatures.Of(request, loaded, used, $"{dataset.Hash} {wanted.Key}", alive, cancellationToken);
        return new(new([.. Enumerable.Range(1, model.Blocks).Select(depth => Score(probe, features, depth))], used.Count, heldOut.Count), null);

        long[] Places(ExampleSplit split) => [.. split.Indices.Select(row => places[row])];
    }

    private static DepthScore Score(LinearProbe probe, DepthFeatures features, int depth)
    {
        Scores scores = probe.Score(features[depth]);
        double? error = StandardErrors.Of(Metric, scores);
        return new(depth, new ClassificationMetrics(scores).BalancedAccuracy, error is { } e && double.IsFinite(e) ? e : null);
    }

    /// <summary>Holds a part of some training examples out.</summary>
    /// <param name="dataset">Theirs.</param>
    /// <param name="split">The examples.</param>
    /// <param name="draw">Number of the draw.</param>
    internal static (ExampleSplit Kept, ExampleSplit Drawn) Share(LabelledDataset dataset, ExampleSplit split, int draw)
    {
        ulong seed = Seeds.Derive(dataset.Seed, SeedPurpose.Probe, draw);
        return dataset.Groups is { } groups
            ? GroupedDraw.Share(split, Numbers(split.Labels), Numbers(groups), dataset.Labels.Length, HeldOutShare, seed)
            : StratifiedDraw.Share(split, dataset.Labels.Length, HeldOutShare, seed);
    }

    private static long[] Labels(ExampleSplit split)
    {
        long[] labels = Numbers(split.Labels).ToArray();
        return [.. split.Indices.Select(row => labels[row])];
    }

    private static ReadOnlySpan<long> Numbers(torch.Tensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.bytes);
}
