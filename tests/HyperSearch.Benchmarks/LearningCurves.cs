using System.Globalization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Trials;
using HyperSearch.Training;
using HyperSearch.Training.Samples;

namespace HyperSearch.Benchmarks;

/// <summary>
/// Trains random configurations of the convnet family on the sample dataset, one line of CSV each: the learning curves on
/// which simulated studies compare algorithms. Goes on behind the last whole line of an existing file.
/// </summary>
internal static class LearningCurves
{
    private const int Epochs = 9;
    private const long SearchSeed = 1;
    private const long TrainingSeed = 1;

    public static void Run(string file, int configurations)
    {
        RandomSampler sampler = new(
            new SearchSpace
            {
                Domains = ModelFamilyCatalog.Convnet.DefaultSpace(multiFidelity: true),
                Constants = ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.Epochs, Epochs),
            },
            SearchSeed);
        for (int number = Finished(file); number < configurations; number++)
        {
            ParameterSet parameters = sampler.Propose(number, TrialHistory.Empty).Parameters;
            string line = Line(parameters, Train(parameters));
            File.AppendAllText(file, line);
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{number}: {line}"));
        }
    }

    /// <summary>Configurations in the file, made if it is missing; a line that was cut off is taken away.</summary>
    private static int Finished(string file)
    {
        string header = string.Join(',', HyperparameterCatalog.All.Select(h => h.Name)
            .Append("seconds_per_epoch")
            .Concat(Enumerable.Range(1, Epochs).Select(e => $"val_loss_{e}"))
            .Concat(Enumerable.Range(1, Epochs).Select(e => $"val_accuracy_{e}"))) + "\n";
        string text = File.Exists(file) ? File.ReadAllText(file) : header;
        if (!text.StartsWith(header, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{file} has another header.");
        }

        text = text[..(text.LastIndexOf('\n') + 1)];
        File.WriteAllText(file, text);
        return text.Count(c => c == '\n') - 1;
    }

    private static IReadOnlyList<EpochReport> Train(ParameterSet parameters)
    {
        DirectoryInfo checkpoints = Directory.CreateTempSubdirectory("hypersearch-bench-");
        try
        {
            ReportList reports = new();
            FineTuning.Train(
                new TrainingRequest
                {
                    Family = ModelFamilyCatalog.Convnet,
                    WeightsFolder = SampleCatalog.Convnet,
                    Dataset = new() { Folder = SampleCatalog.FashionMnistSample },
                    Parameters = parameters,
                    Objective = new(),
                    Seed = TrainingSeed,
                    FromEpoch = 0,
                    ToEpoch = Epochs,
                    CheckpointRoot = checkpoints.FullName,
                },
                reports,
                StopSignals.None);
            return reports.Reports;
        }
        finally
        {
            checkpoints.Delete(recursive: true);
        }
    }

    /// <summary>Parameters as they were proposed, metrics with six digits; what has no value stays empty.</summary>
    private static string Line(ParameterSet parameters, IReadOnlyList<EpochReport> reports)
    {
        double[] seconds = [.. reports.Select(r => r.Seconds)];
        return string.Join(',', HyperparameterCatalog.All.Select(h => ParameterSet.Render(h, parameters[h])?.ToString())
            .Append(seconds is [] ? "" : Statistics.Median(seconds).ToString("G3", CultureInfo.InvariantCulture))
            .Concat(Column(reports, r => r.ValLoss))
            .Concat(Column(reports, r => r.ValAccuracy))) + "\n";
    }

    private static IEnumerable<string?> Column(IReadOnlyList<EpochReport> reports, Func<EpochReport, double?> metric) =>
        Enumerable.Range(0, Epochs).Select(e => e < reports.Count ? metric(reports[e])?.ToString("G6", CultureInfo.InvariantCulture) : null);
}
