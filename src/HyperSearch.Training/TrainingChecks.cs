using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training;

/// <summary>Refuses requests that cannot be trained, before anything is loaded.</summary>
internal static class TrainingChecks
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="TrainingException">A value cannot be trained with.</exception>
    /// <exception cref="ArgumentException">The segment is not one of this trial.</exception>
    public static void Check(TrainingRequest request)
    {
        ParameterSet parameters = request.Parameters;
        if (request.FromEpoch < 0 || request.ToEpoch <= request.FromEpoch || request.ToEpoch > parameters.Epochs)
        {
            throw new ArgumentException($"Epochs {request.FromEpoch} to {request.ToEpoch} are no segment of {parameters.Epochs}.", nameof(request));
        }

        if (request.FromEpoch > 0 && request.ResumeFolder is null)
        {
            throw new ArgumentException($"Epoch {request.FromEpoch} needs a checkpoint to resume from.", nameof(request));
        }

        foreach (Hyperparameter h in HyperparameterCatalog.All)
        {
            double? most = h == HyperparameterCatalog.FrozenBlocks ? request.Family.Blocks : null;
            Require(parameters[h] is not { } value || h.IsValid(value, most), $"{h.Name} {parameters[h]} is out of its range");
        }

        Require(Precisions.All.Contains(request.Precision), $"precision {request.Precision} is unknown; there are fp32 and bf16");
        Require(request.Augmentation is "none" or "light", $"augmentation {request.Augmentation} is unknown; there are none and light");
        Require(request.ClassWeights is "none" or "balanced", $"class weights {request.ClassWeights} are unknown; there are none and balanced");
        Require(Objective.Metrics.Contains(request.Objective.Metric), $"metric {request.Objective.Metric} is unknown");
        Require(request.Threads >= 1, $"{request.Threads} threads");
        Require(request.MicroBatch is null or >= 1, $"a micro-batch of {request.MicroBatch}");
        Require(request.MaxTrainExamples is null or >= 1, $"{request.MaxTrainExamples} training examples");
        Require(request.MaxGradNorm >= 0, $"a largest gradient norm of {request.MaxGradNorm}");
        Require(request.EarlyStoppingPatience >= 0, $"a patience of {request.EarlyStoppingPatience}");
    }

    private static void Require(bool valid, FormattableString what)
    {
        if (!valid)
        {
            throw new TrainingException(FailureKind.BadParameters, $"This cannot be trained with: {FormattableString.Invariant(what)}.");
        }
    }
}
