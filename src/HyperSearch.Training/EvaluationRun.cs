using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.ModelFamilies;

namespace HyperSearch.Training;

/// <summary>Scores an exported model on the test split, which nothing else opens.</summary>
internal static class EvaluationRun
{
    /// <summary>Scores it.</summary>
    public static EvaluationResult Run(EvaluationRequest request, Action batchFinished, CancellationToken cancellationToken)
    {
        if (!Objective.Metrics.Contains(request.Metric) || !Precisions.All.Contains(request.Precision))
        {
            throw new TrainingException(FailureKind.BadParameters, $"Metric {request.Metric} in precision {request.Precision} is unknown.");
        }

        using TrainableModel model = ModelLoader.AsExported(request.Family, request.ModelFolder, TorchRuntime.Device);
        model.Precision = Precision.Of(request.Precision);
        Preprocessing wanted = Preprocessing.Of(model.Config, request.ModelFolder, request.Dataset.Options, request.Dataset.Format);
        using TestSplit test = DatasetCache.Test(request.Dataset, wanted, model.Config.Labels, batchFinished, cancellationToken);
        if (test.Split is not { } split)
        {
            return new() { Missing = test.Missing };
        }

        using Batches batches = new(model.Config, TorchRuntime.Device);
        Scores scores = new Evaluator(model, batches, request.MicroBatch).Score(split, batchFinished, cancellationToken);
        double? value = new ClassificationMetrics(scores).Of(request.Metric);
        if (value is not { } v || !double.IsFinite(v))
        {
            return new() { Missing = value is null ? $"{request.Metric} is not defined for these classes" : $"{request.Metric} is not finite" };
        }

        double? error = StandardErrors.Of(request.Metric, scores);
        return new() { Value = v, Examples = split.Count, StandardError = error is { } e && double.IsFinite(e) ? e : null };
    }
}
