using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Leaderboards;

/// <summary>What the runs of one candidate with fresh seeds say of it.</summary>
public sealed record Confirmation
{
    /// <summary>Runs with a value; fewer than the seeds where some diverged or failed.</summary>
    public required int N { get; init; }

    /// <summary>Mean of their values; null without any.</summary>
    public required double? Mean { get; init; }

    /// <summary>Lower end of the 95 % interval of the mean by Student's t over the seeds; null below two runs.</summary>
    public required double? Low { get; init; }

    /// <summary>Upper end of that interval.</summary>
    public required double? High { get; init; }

    /// <summary>
    /// How far the mean would scatter over other validation sets of the same size, sqrt(p (1 - p) / examples), where the
    /// metric is <c>val_accuracy</c>; null for other metrics, whose scatter the values alone do not tell. All runs share
    /// one validation set, so more seeds do not make it smaller and the interval does not contain it.
    /// </summary>
    public required double? StandardErrorOfValidation { get; init; }

    /// <summary>The summary of a candidate's values.</summary>
    internal static Confirmation Of(IReadOnlyCollection<double> values, Objective objective, int? validationExamples)
    {
        MeanInterval interval = MeanInterval.Of(values);
        return new()
        {
            N = interval.Count,
            Mean = interval.Mean,
            Low = interval.Low,
            High = interval.High,
            StandardErrorOfValidation = objective.Metric == "val_accuracy" && interval.Mean is { } p && validationExamples is { } n and > 0
                ? Math.Sqrt(p * (1 - p) / n)
                : null,
        };
    }
}
