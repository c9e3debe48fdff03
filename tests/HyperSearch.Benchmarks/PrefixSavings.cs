using System.Diagnostics;
using System.Globalization;
using HyperSearch.Benchmarks.AgainstPyTorch;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Safetensors;
using HyperSearch.Training.Samples;

namespace HyperSearch.Benchmarks;

/// <summary>
/// What the cache of frozen blocks' output saves: trials on the sample without it, with it for the first time and with it
/// again, in turn, whole trials with loading, validation and checkpoints. Figures are medians of the rounds' ratios. The
/// convnet is the smallest net there is; a ResNet-18 at 64x64, as it is drawn, stands for what teams bring.
/// </summary>
internal static class PrefixSavings
{
    private const string Resnet18 = "resnet18";

    private static readonly (ModelFamily Family, int Frozen, int Epochs)[] Cases =
    [
        .. new[] { (4, 1), (4, 2), (4, 3), (4, 10), (3, 3), (3, 10), (2, 10), (1, 10) }.Select(c => (ModelFamilyCatalog.Convnet, c.Item1, c.Item2)),
        .. new[] { 1, 3, 10 }.Select(epochs => (ModelFamilyCatalog.Find(Resnet18)!, 5, epochs)),
    ];

    public static void Run(int rounds)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hypersearch-bench-");
        try
        {
            Console.WriteLine("family   frozen epochs |  without s  first s  later s | first saves  later saves | an epoch: without ms  with ms  ratio");
            Train(folder, ModelFamilyCatalog.Convnet, 0, 1, keeps: false);
            foreach ((ModelFamily family, int frozen, int epochs) in Cases)
            {
                Measure[] measures = [.. Enumerable.Range(0, rounds).Select(_ => Compare(folder, family, frozen, epochs))];
                Print(family, frozen, epochs, measures);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Measure Compare(DirectoryInfo folder, ModelFamily family, int frozen, int epochs)
    {
        foreach (string features in Directory.EnumerateFiles(folder.FullName, "features", SearchOption.AllDirectories))
        {
            Directory.Delete(Path.GetDirectoryName(features)!, recursive: true);
        }

        (double without, double plainEpoch) = Train(folder, family, frozen, epochs, keeps: false);
        (double first, _) = Train(folder, family, frozen, epochs, keeps: true);
        (double later, double keptEpoch) = Train(folder, family, frozen, epochs, keeps: true);
        return new(without, first, later, plainEpoch, keptEpoch);
    }

    private static (double Seconds, double EpochSeconds) Train(DirectoryInfo folder, ModelFamily family, int frozen, int epochs, bool keeps)
    {
        ReportList reports = new();
        string weights = family == ModelFamilyCatalog.Convnet ? SampleCatalog.Convnet : DrawnWeights(folder);
        long start = Stopwatch.GetTimestamp();
        FineTuning.Train(
            new TrainingRequest
            {
                Family = family,
                WeightsFolder = weights,
                Dataset = new() { Folder = SampleCatalog.FashionMnistSample, CacheFolder = Path.Combine(folder.FullName, "cache") },
                KeepsFeatures = keeps,
                Parameters = family.Defaults.With(HyperparameterCatalog.FrozenBlocks, frozen).With(HyperparameterCatalog.Epochs, epochs),
                Objective = new(),
                Seed = 1,
                FromEpoch = 0,
                ToEpoch = epochs,
                CheckpointRoot = Path.Combine(folder.FullName, Guid.NewGuid().ToString("N")),
            },
            reports,
            StopSignals.None);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, Statistics.Median(reports.Reports.Select(r => r.Seconds)));
    }

    private static string DrawnWeights(DirectoryInfo folder)
    {
        string weights = Path.Combine(folder.FullName, Resnet18);
        if (!Directory.Exists(weights))
        {
            Directory.CreateDirectory(weights);
            using TrainableModel model = ComparedModel.All.Single(m => m.Name == Resnet18).Create();
            model.Initialize(0, model.Blocks, seed: 1);
            SafetensorsWriter.Write(Path.Combine(weights, WeightsFolder.SingleFile), model.Layout.Specs.Select(s => KeyValuePair.Create(s.Name, model[s.Name])));
            foreach ((string name, byte[] content) in model.Config.Files())
            {
                File.WriteAllBytes(Path.Combine(weights, name), content);
            }
        }

        return weights;
    }

    private static void Print(ModelFamily family, int frozen, int epochs, Measure[] measures)
    {
        double Of(Func<Measure, double> number) => Statistics.Median(measures.Select(number));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{family.Name,-8} {frozen,6} {epochs,6} | {Of(m => m.Without),10:0.00} {Of(m => m.First),8:0.00} {Of(m => m.Later),8:0.00} | {Of(m => m.Without / m.First),11:0.00} {Of(m => m.Without / m.Later),12:0.00} | {Of(m => m.PlainEpoch) * 1000,20:0} {Of(m => m.KeptEpoch) * 1000,8:0.0} {Of(m => m.PlainEpoch / m.KeptEpoch),6:0.0}"));
    }

    private sealed record Measure(double Without, double First, double Later, double PlainEpoch, double KeptEpoch);
}
