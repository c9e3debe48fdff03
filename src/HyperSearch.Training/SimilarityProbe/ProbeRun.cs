using System.Runtime.InteropServices;
using HyperSearch.Core.Studies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.SimilarityProbe;

/// <summary>
/// Probes a pretrained model (Alain and Bengio: Understanding intermediate layers using linear classifier probes, 2016): one
/// pass over at most 2,000 training examples gives the features after every block; for each depth by itself each quarter of
/// them is predicted by a linear classifier that was fitted on the other three. With every example held out once, few
/// examples already order the depths. The standard error takes predictions as independent, which is slightly optimistic (Bengio and
/// Grandvalet: No unbiased estimator of the variance of k-fold cross-validation, 2004). The draws are seeded by the dataset
/// alone; groups stay together. The validation split is left to the search, so that it does not choose freezing twice.
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

    private const int Folds = 4;

    // Of the fitted examples, the share that chooses the penalty.
    private const double ChoosingShare = 0.25;
    private const string Metric = "val_balanced_accuracy";

    /// <summary>Probes it.</summary>
    public static ProbeAnswer Run(ProbeRequest request, Action alive, CancellationToken cancellationToken)
    {
        SignOfLife life = new(alive, cancellationToken);
        WeightsFolder.CheckLinks(request.WeightsFolder, request.WeightsRoots, life);
        Preprocessing wanted = Preprocessing.Of(request.Family, request.WeightsFolder, request.Dataset.Options, request.Dataset.Format);
        LabelledDataset dataset = DatasetCache.Get(request.Dataset, wanted, alive, cancellationToken);
        int classes = dataset.Labels.Length;
        ExampleSplit train = StratifiedDraw.Take(dataset.Train, classes, request.MaxTrainExamples ?? int.MaxValue, dataset.Seed);
        ExampleSplit used = StratifiedDraw.Take(train, classes, MostExamples, Seeds.Derive(dataset.Seed, SeedPurpose.Probe));
        ExampleSplit[] folds = [.. Deal(dataset, used).Where(f => f.Count > 0)];
        if (folds.Length < 2)
        {
            return new(null, "The dataset has too few training examples or groups to hold any out for a probe.");
        }

        LinearProbe[] probes = [.. folds.Select((fold, i) => Probe(dataset, used, fold, i, () =>
        {
            alive();
            cancellationToken.ThrowIfCancellationRequested();
        }))];
        LoadedModel loaded = ModelLoader.ForTraining(request.Family, request.WeightsFolder, dataset, dataset.Seed, TorchRuntime.Device, life);
        using TrainableModel model = loaded.Model;
        using DepthFeatures features = DepthFeatures.Of(request, loaded, used, dataset.Key, alive, cancellationToken);
        return new(new([.. Enumerable.Range(1, model.Blocks).Select(depth => Score(probes, features, depth, classes))], used.Count, used.Count), null);
    }

    /// <summary>Deals some training examples out, so that every fold has its share of each class.</summary>
    internal static IEnumerable<ExampleSplit> Deal(LabelledDataset dataset, ExampleSplit split)
    {
        for (int left = Folds; left > 1; left--)
        {
            (split, ExampleSplit drawn) = Share(dataset, split, 1.0 / left, left);
            yield return drawn;
        }

        yield return split;
    }

    private static LinearProbe Probe(LabelledDataset dataset, ExampleSplit used, ExampleSplit heldOut, int fold, Action alive)
    {
        Dictionary<long, long> places = used.Indices.Index().ToDictionary(i => i.Item, i => (long)i.Index);
        ExampleSplit fitted = used.With([.. used.Indices.Except(heldOut.Indices)]);
        (ExampleSplit first, ExampleSplit chosenOn) = Share(dataset, fitted, ChoosingShare, Folds + 1 + fold);
        return new(dataset.Labels.Length, Labels(used), Places(fitted), Places(heldOut), Places(first), Places(chosenOn), alive);

        long[] Places(ExampleSplit split) => [.. split.Indices.Select(row => places[row])];
    }

    private static DepthScore Score(LinearProbe[] probes, DepthFeatures features, int depth, int classes)
    {
        Scores[] folds = [.. probes.Select(p => p.Score(features[depth]))];
        Scores scores = new(classes, [.. folds.SelectMany(f => f.Labels)], [.. folds.SelectMany(f => f.Predictions)], [], []);
        double? error = StandardErrors.Of(Metric, scores);
        return new(depth, new ClassificationMetrics(scores).BalancedAccuracy, error is { } e && double.IsFinite(e) ? e : null);
    }

    private static (ExampleSplit Kept, ExampleSplit Drawn) Share(LabelledDataset dataset, ExampleSplit split, double share, int draw)
    {
        ulong seed = Seeds.Derive(dataset.Seed, SeedPurpose.Probe, draw);
        return dataset.Groups is { } groups
            ? GroupedDraw.Share(split, Numbers(split.Labels), Numbers(groups), dataset.Labels.Length, share, seed)
            : StratifiedDraw.Share(split, dataset.Labels.Length, share, seed);
    }

    private static long[] Labels(ExampleSplit split)
    {
        long[] labels = Numbers(split.Labels).ToArray();
        return [.. split.Indices.Select(row => labels[row])];
    }

    private static ReadOnlySpan<long> Numbers(torch.Tensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.bytes);
}
