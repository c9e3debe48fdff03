using System.Diagnostics;
using System.Globalization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training;
using HyperSearch.Training.Samples;

namespace HyperSearch.Benchmarks;

/// <summary>
/// What the cache of frozen blocks' output saves: trials of the sample's convnet without it, with it for the first time and
/// with it again, in turn, whole trials with loading, validation and checkpoints. Figures are medians of the rounds' ratios.
/// </summary>
internal static class PrefixSavings
{
    private static readonly (int Frozen, int Epochs)[] Cases = [(4, 2), (4, 3), (4, 10), (3, 3), (3, 10), (2, 10), (1, 10)];

    public static void Run(int rounds)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hypersearch-bench-");
        try
        {
            Console.WriteLine("frozen epochs |  without s  first s  later s | first saves  later saves | an epoch: without ms  with ms  ratio");
            Train(folder, 0, 1, keeps: false);
            foreach ((int frozen, int epochs) in Cases)
            {
                Measure[] measures = [.. Enumerable.Range(0, rounds).Select(_ => Compare(folder, frozen, epochs))];
                Print(frozen, epochs, measures);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Measure Compare(DirectoryInfo folder, int frozen, int epochs)
    {
        foreach (string features in Directory.EnumerateFiles(folder.FullName, "features", SearchOption.AllDirectories))
        {
            Directory.Delete(Path.GetDirectoryName(features)!, recursive: true);
        }

        (double without, double plainEpoch) = Train(folder, frozen, epochs, keeps: false);
        (double first, _) = Train(folder, frozen, epochs, keeps: true);
        (double later, double keptEpoch) = Train(folder, frozen, epochs, keeps: true);
        return new(without, first, later, plainEpoch, keptEpoch);
    }

    private static (double Seconds, double EpochSeconds) Train(DirectoryInfo folder, int frozen, int epochs, bool keeps)
    {
        ReportList reports = new();
        long start = Stopwatch.GetTimestamp();
        FineTuning.Train(
            new TrainingRequest
            {
                Family = ModelFamilyCatalog.Convnet,
                WeightsFolder = SampleCatalog.Convnet,
                Dataset = new() { Folder = SampleCatalog.FashionMnistSample, CacheFolder = Path.Combine(folder.FullName, "cache") },
                KeepsFeatures = keeps,
                Parameters = ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.FrozenBlocks, frozen).With(HyperparameterCatalog.Epochs, epochs),
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

    private static void Print(int frozen, int epochs, Measure[] measures)
    {
        double Of(Func<Measure, double> number) => Statistics.Median(measures.Select(number));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{frozen,6} {epochs,6} | {Of(m => m.Without),10:0.00} {Of(m => m.First),8:0.00} {Of(m => m.Later),8:0.00} | {Of(m => m.Without / m.First),11:0.00} {Of(m => m.Without / m.Later),12:0.00} | {Of(m => m.PlainEpoch) * 1000,20:0} {Of(m => m.KeptEpoch) * 1000,8:0.0} {Of(m => m.PlainEpoch / m.KeptEpoch),6:0.0}"));
    }

    private sealed record Measure(double Without, double First, double Later, double PlainEpoch, double KeptEpoch);
}
